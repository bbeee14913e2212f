import { Button, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconChevronDown,
  IconHistory,
  IconLogout,
  IconUserCog,
  IconUsers,
} from "@tabler/icons-react";
import { Link } from "react-router";
import { useAccount, useMay } from "../../shared/account/account-context";
import { roleName } from "../../shared/account/words";
import classes from "./account-menu.module.css";
import { SignOutDialog } from "./sign-out-dialog";

/** Who is signed in, what belongs to them, and the way out. */
export function AccountMenu() {
  const account = useAccount();
  const seesPeople = useMay("people:read");
  const seesAudit = useMay("audit:read");
  const [leaving, dialog] = useDisclosure(false);
  return (
    <>
      <Menu
        position="bottom-end"
        width={230}
        // Within the page, so that it belongs to a landmark.
        withinPortal={false}
        hideDetached={false}
        transitionProps={{ duration: 0 }}
      >
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            aria-label={`Account of ${account.name}`}
            classNames={{ root: classes.target, label: classes.name }}
            rightSection={<IconChevronDown size={13} aria-hidden />}
          >
            {account.name}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={classes.dropdown}>
          <Menu.Label className={classes.who}>
            {account.email}
            <br />
            {roleName(account.role)}
          </Menu.Label>
          <Menu.Item component={Link} to="/account" leftSection={<IconUserCog size={15} />}>
            Account
          </Menu.Item>
          {seesPeople && (
            <Menu.Item component={Link} to="/people" leftSection={<IconUsers size={15} />}>
              People and groups
            </Menu.Item>
          )}
          {seesAudit && (
            <Menu.Item component={Link} to="/audit" leftSection={<IconHistory size={15} />}>
              Audit trail
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={15} />} onClick={dialog.open}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {leaving && <SignOutDialog onStay={dialog.close} />}
    </>
  );
}
