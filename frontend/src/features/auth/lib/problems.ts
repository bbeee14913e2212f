/** What the server tells about a single sign-on that failed (`/sign-in?problem=…`), in words. */

interface ProblemWords {
  title: string;
  text: string;
}

const PROBLEMS: Readonly<Record<string, ProblemWords>> = {
  provider_failed: {
    title: "Single sign-on did not work",
    text: "The sign-in service of your site gave no usable answer. Try again; if it stays, tell your administrator.",
  },
  not_known: {
    title: "Vitrine does not know you yet",
    text: "Your site's sign-in worked, but there is no account for you here. Ask an administrator for an invitation.",
  },
  not_active: {
    title: "Your account is not active",
    text: "Ask an administrator of Vitrine to activate it.",
  },
  too_many_attempts: {
    title: "Too many attempts",
    text: "Your computer or network tried to sign in very often. Wait a quarter of an hour, then try again.",
  },
  expired: {
    title: "Signing in took too long",
    text: "Nothing was changed. Try again.",
  },
};

const UNKNOWN: ProblemWords = {
  title: "Signing in did not work",
  text: "Try again; if it stays, tell your administrator.",
};

export function problemWords(code: string | null): ProblemWords | null {
  return code === null ? null : (PROBLEMS[code] ?? UNKNOWN);
}

/** Where single sign-on begins; afterwards the page that was asked for is shown. */
export function singleSignOnAddress(next: string): string {
  return `/api/v1/auth/oidc/start?next=${encodeURIComponent(next)}`;
}
