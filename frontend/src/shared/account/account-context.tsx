import { createContext, type ReactNode, useContext } from "react";
import type { Account, Permission } from "../api/types";

const AccountContext = createContext<Account | null>(null);

interface AccountProviderProps {
  account: Account;
  children: ReactNode;
}

export function AccountProvider({ account, children }: AccountProviderProps) {
  return <AccountContext value={account}>{children}</AccountContext>;
}

/** Who is signed in. Everything inside the sign-in gate has somebody. */
export function useAccount(): Account {
  const account = useContext(AccountContext);
  if (!account) {
    throw new Error("useAccount needs an AccountProvider around it.");
  }
  return account;
}

/** Whether this person may do something. The server decides; this only spares them what it would refuse. */
export function useMay(permission: Permission): boolean {
  return useAccount().permissions.includes(permission);
}
