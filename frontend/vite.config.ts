import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `npm run dev` serves the page with hot reload and passes the API on to a running Vitrine server.
const backend = process.env.VITRINE_BACKEND ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  // The server puts a new one in its place in every answer (backend/core/frontend.py).
  html: { cspNonce: "VITRINE-STYLE-NONCE" },
  server: {
    host: "127.0.0.1",
    port: 5173,
    proxy: { "/api": { target: backend, changeOrigin: false } },
  },
  build: { target: "es2022", chunkSizeWarningLimit: 700 },
  test: {
    css: false,
    projects: [
      // Mathematics and state need no page, and a page takes longer to set up than they take to run.
      {
        extends: true,
        test: { name: "logic", environment: "node", include: ["src/**/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "pages",
          environment: "jsdom",
          include: ["src/**/*.test.tsx"],
          setupFiles: ["src/shared/testing/setup.ts"],
          restoreMocks: true,
          // One page per worker, reset between tests (setup.ts), instead of one per file.
          pool: "threads",
          isolate: false,
          testTimeout: 30_000,
        },
      },
    ],
  },
});
