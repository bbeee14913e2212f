/** Vitrine's mark: something in a case, to be looked at. */
export function BrandMark({ size = 16 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <rect x="1" y="1" width="14" height="14" rx="1.5" fill="none" stroke="currentColor" />
      <circle cx="8" cy="8" r="3.2" fill="currentColor" />
    </svg>
  );
}
