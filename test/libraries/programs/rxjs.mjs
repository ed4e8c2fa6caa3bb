import { EMPTY, Subject, catchError, concatMap, delay, firstValueFrom, from, interval, lastValueFrom, map, mergeMap, of, reduce, scan, take, throwError, timer, toArray, zip } from 'rxjs'

const subject = new Subject()
const seen = []
subject.pipe(scan((sum, n) => sum + n, 0)).subscribe((sum) => seen.push(sum))
for (const n of [1, 2, 3]) subject.next(n)
export default {
  seen,
  ticks: await lastValueFrom(interval(2).pipe(take(3), toArray())),
  zipped: await firstValueFrom(zip(of(1, 2), from(['a', 'b'])).pipe(toArray())),
  order: await lastValueFrom(from([3, 1, 2]).pipe(concatMap((n) => timer(n).pipe(map(() => n))), toArray())),
  sum: await lastValueFrom(of(1, 2, 3).pipe(mergeMap((n) => of(n).pipe(delay(1))), reduce((a, b) => a + b, 0))),
  caught: await lastValueFrom(throwError(() => new Error('no')).pipe(catchError(({ message }) => of(message)))),
  empty: await lastValueFrom(EMPTY).catch(({ name }) => name),
}
