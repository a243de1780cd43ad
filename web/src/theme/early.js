/* Applies the chosen theme before the first paint. The key and the values are those of theme.ts. */
try {
  const choice = localStorage.getItem('pokers.theme');
  if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
} catch {}
