import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { BrandMark } from "../shell/brand-mark";
import { Footer } from "../shell/footer";
import classes from "./plain-page.module.css";

interface PlainPageProps {
  title: string;
  children: ReactNode;
}

/** A page for those who are not signed in: one thing to do, in the middle. */
export function PlainPage({ title, children }: PlainPageProps) {
  useDocumentTitle(`${title} · Vitrine`);
  return (
    <div className={classes.page}>
      <main className={classes.main}>
        <div className={classes.card}>
          <p className={classes.brand}>
            <BrandMark size={18} />
            Vitrine
          </p>
          <h1 className={classes.title}>{title}</h1>
          {children}
        </div>
      </main>
      <Footer />
    </div>
  );
}
