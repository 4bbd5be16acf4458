import { notFound } from 'next/navigation'
import { createElement } from 'react'

export default async function Page({ params }) {
  const { path } = await params
  if (path[0] === 'gone') notFound()
  return createElement('h1', null, path.join(' and '))
}
