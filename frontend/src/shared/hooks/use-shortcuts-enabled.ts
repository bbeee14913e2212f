import { useLocalStorage } from "@mantine/hooks";

/** Whether single-key shortcuts work on this computer. */
export function useShortcutsEnabled(): [boolean, (enabled: boolean) => void] {
  const [enabled, setEnabled] = useLocalStorage({
    key: "vitrine.shortcuts",
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  return [enabled, setEnabled];
}
