import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKeyboard } from "@tabler/icons-react";
import { NavLink, Outlet, ScrollRestoration } from "react-router";
import { useHealth } from "../../features/health/api/get-health";
import { HealthIndicator } from "../../features/health/components/health-indicator";
import { useShortcuts } from "../../shared/hooks/use-shortcuts";
import classes from "./app-shell.module.css";
import { HelpSheet } from "./help-sheet";
import { UploadsProvider } from "./uploads-context";

/** What every screen has: name, navigation, state of the server, help, and what this is not for. */
export function AppShell() {
  const [helpOpened, help] = useDisclosure(false);
  useShortcuts({ "?": help.open });
  return (
    <UploadsProvider>
      <div className={classes.shell}>
        <a className={classes.skip} href="#main">
          Skip to the content
        </a>
        <header className={classes.header}>
          <NavLink to="/" className={classes.brand}>
            <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
              <rect x="1" y="1" width="14" height="14" rx="1.5" fill="none" stroke="currentColor" />
              <circle cx="8" cy="8" r="3.2" fill="currentColor" />
            </svg>
            <span className={classes.name}>Vitrine</span>
          </NavLink>
          <nav className={classes.nav} aria-label="Main">
            <NavLink to="/" end>
              Cases
            </NavLink>
            <NavLink to="/datasets">Data sets</NavLink>
            <NavLink to="/models">Models</NavLink>
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

function Footer() {
  const { data } = useHealth();
  return (
    <footer className={classes.footer}>
      <strong>Research use only. Not for diagnosis.</strong>
      <span>Vitrine {data?.version}</span>
    </footer>
  );
}
