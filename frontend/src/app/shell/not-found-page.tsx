import { useDocumentTitle } from "@mantine/hooks";
import { Link } from "react-router";
import { PageMessage } from "./page-message";

export function NotFoundPage() {
  useDocumentTitle("Not found · Vitrine");
  return (
    <PageMessage title="There is no page at this address">
      <p>The address may be incomplete, or what it led to was deleted.</p>
      <p>
        <Link to="/">Go to the cases</Link>
      </p>
    </PageMessage>
  );
}
