/** What a browser is shown at `/` of an endpoint of its own, as exporters do: a page that leads to the metrics. */
export function landingPage(path: string): string {
  // Relative: a proxy may show the endpoint below a path of its own.
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Metrics</title></head>
<body><h1>Metrics</h1><p><a href="${attributeValue(`.${path}`)}">${attributeValue(path)}</a></p></body>
</html>
`
}

function attributeValue(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
