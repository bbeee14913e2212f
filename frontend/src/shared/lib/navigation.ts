/** Leaves the application's page. Behind an object, so that tests can stand in for the browser. */
export const browser = {
  reload: (): void => window.location.reload(),
};
