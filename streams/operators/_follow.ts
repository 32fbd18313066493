import { type Observable, Subject, type Subscriber, takeUntil } from "rxjs";

/** What an operator does with its source; what it throws becomes an error notification. */
export interface Following<In> {
  /** Takes an item. */
  readonly next: (item: In) => void;
  /** Acts when the source has ended, before that is told on. */
  readonly complete?: () => void;
}

/**
 * Subscribes to the source of an operator. As soon as the subscriber is gone (it has taken enough,
 * or an item has failed) nothing more is asked of the source, even of one that emits in a loop
 * while it is being subscribed to.
 */
export function follow<In, Out>(
  source: Observable<In>,
  subscriber: Subscriber<Out>,
  following: Following<In>,
): void {
  const gone = new Subject<void>();
  subscriber.add(() => gone.next());
  const guarded = (act: () => void) => {
    try {
      act();
    } catch (error) {
      subscriber.error(error);
    }
  };
  source.pipe(takeUntil(gone)).subscribe({
    next: (item) => guarded(() => following.next(item)),
    error: (error) => subscriber.error(error),
    complete() {
      if (subscriber.closed) return;
      if (following.complete !== undefined) guarded(following.complete);
      subscriber.complete(); // does nothing after an error
    },
  });
}
