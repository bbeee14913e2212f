import { Button, Group } from "@mantine/core";
import { useRouteError } from "react-router";
import { messageOf } from "../../shared/api/api-error";
import { PageMessage } from "./page-message";

/** When drawing a page failed: says what to do, and that nothing saved is lost. */
export function ErrorPage() {
  const error = useRouteError();
  return (
    <PageMessage title="This page could not be shown">
      <p>
        Something in the page broke; cases and predictions are safe on the server. Reload the page.
        If it breaks again, go back to the cases and report the text below.
      </p>
      <pre>{messageOf(error)}</pre>
      <Group gap="xs">
        <Button onClick={() => window.location.reload()}>Reload the page</Button>
        <Button variant="default" component="a" href="/">
          Go to the cases
        </Button>
      </Group>
    </PageMessage>
  );
}
