import "@mantine/core/styles.css";
import "@fontsource-variable/ibm-plex-sans";
import "./app/styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { Providers } from "./app/providers";
import { routes } from "./app/routes";
import { createQueryClient } from "./shared/api/query-client";

const root = document.getElementById("root");
if (!root) {
  throw new Error("index.html has no element with the id root.");
}
const router = createBrowserRouter(routes);
createRoot(root).render(
  <StrictMode>
    <Providers queryClient={createQueryClient()}>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
);
