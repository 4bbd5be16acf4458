import { createElement } from 'react'

export default function Page({ id }) {
  return createElement('h1', null, `User ${id}`)
}

export function getServerSideProps({ params }) {
  return { props: { id: params.id } }
}
