console.log(['Zoë', 'adam', 'Bob', 'émile', 'Ada'].sort((a, b) => a.localeCompare(b)), ['10', '9', '1'].sort(new Intl.Collator(undefined, { numeric: true }).compare))
