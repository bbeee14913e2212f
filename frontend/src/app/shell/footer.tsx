import { useHealth } from "../../features/health/api/get-health";
import classes from "./footer.module.css";

/** On every screen, before signing in as well: what this is not for. */
export function Footer() {
  const { data } = useHealth();
  return (
    <footer className={classes.footer}>
      <strong>Research use only. Not for diagnosis.</strong>
      <span>Vitrine {data?.version}</span>
    </footer>
  );
}
