import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useAccount, useMay } from "../../shared/account/account-context";
import { roleName } from "../../shared/account/words";
import type { Permission } from "../../shared/api/types";
import { PageMessage } from "./page-message";

interface NeedsProps {
  permission: Permission;
  /** What the page is about, such as "Data sets". */
  what: string;
  children: ReactNode;
}

/** A page that not everybody may see, or the words that say so. */
export function Needs({ permission, what, children }: NeedsProps) {
  return useMay(permission) ? children : <NotForYou what={what} />;
}

function NotForYou({ what }: { what: string }) {
  useDocumentTitle(`Not for your role · Vitrine`);
  const { role } = useAccount();
  return (
    <PageMessage title={`${what}: not for your role`}>
      <p>
        Your role here is “{roleName(role)}”, and it does not include this page. If your work needs
        it, ask an administrator to change your role.
      </p>
      <p>
        <Link to="/">Go to the cases</Link>
      </p>
    </PageMessage>
  );
}
