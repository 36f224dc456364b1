/** The product's name with its sign, a gate between two towers. The icon of the page is the same. */
export function Brand() {
  return (
    <h1 className="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" />
        <path d="M6 8h4v3h3V8h6v3h3V8h4v17h-6v-5a4 4 0 0 0-8 0v5H6z" />
      </svg>
      Gatehouse
    </h1>
  );
}
