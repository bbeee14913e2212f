import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** Neutral near-blacks: on a reading monitor the image has to be the brightest thing. */
const dark: MantineColorsTuple = [
  "#d5d7da",
  "#b6babf",
  "#9ba0a6",
  "#858b92",
  "#2e3135",
  "#212326",
  "#161719",
  "#0f1011",
  "#0a0a0b",
  "#050505",
];

/** The one accent, a pale steel blue. */
const steel: MantineColorsTuple = [
  "#eaf1f8",
  "#d3e1ee",
  "#b9d0e5",
  "#a3c2de",
  "#8fb4d6",
  "#7aa3c8",
  "#5f8ab2",
  "#48729a",
  "#345a7f",
  "#234464",
];

export const theme = createTheme({
  primaryColor: "steel",
  // The same for both schemes: autoContrast looks at the light one even on dark ground.
  primaryShade: 4,
  colors: { dark, steel },
  autoContrast: true,
  luminanceThreshold: 0.35,
  fontFamily: '"IBM Plex Sans Variable", "IBM Plex Sans", system-ui, sans-serif',
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "1.35", sm: "1.4", md: "1.45", lg: "1.5", xl: "1.5" },
  defaultRadius: "xs",
  radius: { xs: "2px", sm: "3px", md: "4px", lg: "4px", xl: "4px" },
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "xs" } },
    TextInput: { defaultProps: { size: "xs" } },
    Textarea: { defaultProps: { size: "xs" } },
    Select: {
      defaultProps: { size: "xs" },
      styles: { input: { textOverflow: "ellipsis" } },
    },
    MultiSelect: { defaultProps: { size: "xs" } },
    Autocomplete: { defaultProps: { size: "xs" } },
    PasswordInput: { defaultProps: { size: "xs" } },
    Tooltip: {
      defaultProps: { openDelay: 350, multiline: true, maw: 320 },
      // Mantine's tooltip is light on dark ground: too bright beside an image that is being read.
      styles: {
        tooltip: {
          background: "var(--raised)",
          border: "1px solid var(--line-strong)",
          color: "var(--text)",
          fontSize: 12,
          padding: "4px 8px",
        },
      },
    },
  },
});
