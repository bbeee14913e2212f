import { Button } from "@mantine/core";
import { useDisclosure, useDocumentTitle } from "@mantine/hooks";
import { IconKey } from "@tabler/icons-react";
import { CreateTokenDialog } from "../../features/account/components/create-token-dialog";
import { PasswordForm } from "../../features/account/components/password-form";
import { ProfileForm } from "../../features/account/components/profile-form";
import { SessionTable } from "../../features/account/components/session-table";
import { TokenTable } from "../../features/account/components/token-table";
import { useAccount } from "../../shared/account/account-context";
import { roleName } from "../../shared/account/words";
import { Section } from "../../shared/components/section";
import classes from "./account-page.module.css";

/** Everything about one's own account. */
export function AccountPage() {
  useDocumentTitle("Account · Vitrine");
  const account = useAccount();
  const [opened, dialog] = useDisclosure(false);
  const groups = account.groups.map(({ name }) => name).join(", ");
  return (
    <div className={classes.page}>
      <div className={classes.content}>
        <h1 className={classes.title}>Account</h1>
        <p className={classes.role}>
          {roleName(account.role)}
          {groups ? `, in ${groups}` : ", in no group"}. Administrators change roles and groups.
        </p>
        <Section title="Name and e-mail">
          <ProfileForm />
        </Section>
        <Section
          title="Password"
          hint={
            account.has_password
              ? "A new one signs you out everywhere else."
              : "You sign in with single sign-on and have no password here."
          }
        >
          {account.has_password && <PasswordForm />}
        </Section>
        <Section
          title="Where you are signed in"
          hint={`A session that is not used for ${account.idle_minutes} minutes ends by itself.`}
        >
          <SessionTable />
        </Section>
        <Section
          title="API tokens"
          hint="For scripts and other programs. What they do counts as done by you, and stands in the audit trail with the token's name."
          actions={
            <Button variant="default" leftSection={<IconKey size={15} />} onClick={dialog.open}>
              New token
            </Button>
          }
        >
          <TokenTable />
        </Section>
      </div>
      <CreateTokenDialog opened={opened} onClose={dialog.close} />
    </div>
  );
}
