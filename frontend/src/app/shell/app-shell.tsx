import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKeyboard } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { NavLink, Outlet, ScrollRestoration, useLocation } from "react-router";
import { HealthIndicator } from "../../features/health/components/health-indicator";
import { useMay } from "../../shared/account/account-context";
import { useShortcuts } from "../../shared/hooks/use-shortcuts";
import { AccountMenu } from "./account-menu";
import classes from "./app-shell.module.css";
import { BrandMark } from "./brand-mark";
import { Footer } from "./footer";
import { HelpSheet } from "./help-sheet";
import { UploadsProvider } from "./uploads-context";

/** What every screen has: name, navigation, state of the server, help, and what this is not for. */
export function AppShell() {
  const [helpOpened, help] = useDisclosure(false);
  const seesDatasets = useMay("datasets:read");
  const seesCases = useMay("cases:read");
  const seesStudies = useMay("studies:read");
  const reads = useMay("studies:answer");
  const nav = useShownSection();
  useShortcuts({ "?": help.open });
  return (
    <UploadsProvider>
      <div className={classes.shell}>
        <a className={classes.skip} href="#main">
          Skip to the content
        </a>
        <header className={classes.header}>
          <NavLink to="/" className={classes.brand}>
            <BrandMark />
            <span className={classes.name}>Vitrine</span>
          </NavLink>
          <nav ref={nav} className={classes.nav} aria-label="Main">
            <NavLink to="/" end>
              Cases
            </NavLink>
            <NavLink to="/models">Models</NavLink>
            <NavLink to="/concept-sets">Concept sets</NavLink>
            {seesDatasets && <NavLink to="/training">Training</NavLink>}
            {seesDatasets && <NavLink to="/datasets">Data sets</NavLink>}
            {seesCases && <NavLink to="/agreement">Agreement</NavLink>}
            {seesStudies && <NavLink to="/studies">Studies</NavLink>}
            {reads && <NavLink to="/readings">Reading</NavLink>}
          </nav>
          <div className={classes.right}>
            <HealthIndicator />
            <Button
              variant="subtle"
              color="gray"
              size="compact-xs"
              classNames={{ root: classes.help, section: classes.keys }}
              leftSection={<IconKeyboard size={15} />}
              onClick={help.open}
            >
              Help
            </Button>
            <AccountMenu />
          </div>
        </header>
        <main id="main" className={classes.main} tabIndex={-1}>
          <Outlet />
        </main>
        <Footer />
      </div>
      <HelpSheet opened={helpOpened} onClose={help.close} />
      <ScrollRestoration />
    </UploadsProvider>
  );
}

/** Where the sections scroll, the one that is open comes into sight. */
function useShownSection() {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every page another link may be the current one
  useEffect(() => {
    const current = nav.current?.querySelector('[aria-current="page"]');
    current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [pathname]);
  return nav;
}
