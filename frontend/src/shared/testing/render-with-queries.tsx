import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { AccountProvider } from "../account/account-context";
import { createQueryClient } from "../api/query-client";
import { makeAccount } from "./account-fixtures";

/** One component with what every component needs around it. */
export function renderWithQueries(children: ReactNode, account = makeAccount()) {
  const user = userEvent.setup();
  const view = render(
    <MantineProvider forceColorScheme="dark">
      <QueryClientProvider client={createQueryClient()}>
        <AccountProvider account={account}>{children}</AccountProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...view, user };
}
