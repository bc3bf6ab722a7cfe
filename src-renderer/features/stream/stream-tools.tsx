// Finding one's way in a long stream: direction, and search with its hits. Below it what is not shown and why: nothing is left out silently.

import { useEffect, useState, type ReactElement } from 'react'
import { formatCount } from '../../../shared/logic/format.ts'
import { streamFilters, type StreamState } from '../../../shared/model/stream-view.ts'
import type { StreamFollower } from '../../store/stream-follower.ts'
import { useSlice } from '../../store/state.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Segments } from '../../ui/segments.tsx'
import { useT } from '../../ui/translation.tsx'

export function StreamTools({ follower, isOpen }: { readonly follower: StreamFollower; readonly isOpen: boolean }): ReactElement {
  const { t } = useT()
  const filter = useSlice(follower, (each) => each.filter)
  const isFollowing = useSlice(follower, (each) => each.isFollowing)
  return (
    <div className="stream-tools">
      <Segments label={t('stream.filter')} value={filter} options={streamFilters} word={(one) => t(`stream.filter.${one}`)} onChange={(one) => follower.setFilter(one)} />
      <SearchField follower={follower} />
      {!isFollowing && isOpen && <Button kind="link" onClick={() => follower.setFollowing(true)}>{t('stream.newest')}</Button>}
    </div>
  )
}

const searchAfterMs = 200

function SearchField({ follower }: { readonly follower: StreamFollower }): ReactElement {
  const { t, language } = useT()
  const search = useSlice(follower, (each) => each.search)
  const [text, setText] = useState(search.text)
  useEffect(() => {
    if (text === follower.store.getState().search.text) return undefined
    const timer = setTimeout(() => void follower.search(text), searchAfterMs)
    return () => clearTimeout(timer)
  }, [follower, text])
  const step = (by: 1 | -1): void => follower.hit(search.at + by)
  const count = formatCount(search.hits.length, language)
  return (
    <span className="stream-search">
      <input
        className="field" type="search" data-filter aria-label={t('stream.search')} placeholder={t('stream.search')} value={text} spellCheck={false} onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') step(event.shiftKey ? -1 : 1)
          else if (event.key === 'Escape' && text !== '') {
            event.preventDefault()
            setText('')
          }
        }}
      />
      <span className="caption faint stream-hits" role="status">
        {search.text === '' ? '' : search.hits.length === 0 ? t(search.isBusy ? 'stream.searching' : 'stream.noHits') : t(search.isBusy ? 'stream.hitsSoFar' : 'stream.hits', { at: search.at + 1, shown: count })}
      </span>
      {search.hits.length > 0 && (
        <>
          <IconButton icon="up" label={t('stream.previousHit')} keys="shift+enter" onClick={() => step(-1)} />
          <IconButton icon="down" label={t('stream.nextHit')} keys="enter" onClick={() => step(1)} />
        </>
      )}
    </span>
  )
}

/** What is not in the list, and what to do about it. */
export function StreamNotices({ follower, state }: { readonly follower: StreamFollower; readonly state: StreamState }): ReactElement | null {
  const { t, text, language } = useT()
  const isKeptOnly = useSlice(follower, (each) => each.isKeptOnly)
  const { dropped, skipped, error } = state
  if (error !== undefined) {
    return (
      <div className="stream-notice fail" role="alert">
        {text(error.text)}
        <Button kind="link" onClick={() => void follower.setCountOnly(false)}>{t('stream.keepAgain')}</Button>
      </div>
    )
  }
  const said = [
    ...(dropped > 0 ? [t('stream.dropped', { count: dropped, shown: formatCount(dropped, language) })] : []),
    ...(skipped > 0 ? [t(isKeptOnly ? 'stream.notInRecord' : 'stream.skipped', { count: skipped, shown: formatCount(skipped, language) })] : []),
  ]
  return said.length === 0 ? null : <div className="stream-notice dim" role="status">{said.join(' ')}</div>
}
