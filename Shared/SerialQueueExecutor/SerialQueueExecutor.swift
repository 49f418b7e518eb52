import Dispatch

/// A serial executor over one private dispatch queue, so that an actor and the dispatch sources that feed it share
/// one serial context.
///
/// An actor that owns a C handle returns this executor's `asUnownedSerialExecutor()` from `unownedExecutor` and
/// creates its dispatch sources on ``queue``; a source's event handler may then enter the actor synchronously with
/// `assumeIsolated`. Blocking calls made by such an actor occupy this queue's thread and not a thread of the
/// concurrency pool.
///
/// Sources: SE-0392 (custom actor executors), SE-0424 (isolation checking), SE-0471 (`isIsolatingCurrentContext`).
public final class SerialQueueExecutor: SerialExecutor {
    /// The serial queue that runs every job of this executor.
    public let queue: DispatchQueue

    private static let currentExecutor = DispatchSpecificKey<ObjectIdentifier>()

    /// Creates an executor with a new serial queue.
    ///
    /// - Parameter label: the queue's label, shown by debuggers and in crash reports.
    public init(label: String) {
        queue = DispatchQueue(label: label)
        queue.setSpecific(key: Self.currentExecutor, value: ObjectIdentifier(self))
    }

    /// Runs `job` on the queue after the jobs that were enqueued before it.
    public func enqueue(_ job: consuming ExecutorJob) {
        let unownedJob = UnownedJob(job)
        queue.async {
            unownedJob.runSynchronously(on: self.asUnownedSerialExecutor())
        }
    }

    /// The reference that an actor returns from `unownedExecutor`; the actor must keep this executor alive.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    /// Whether `other` runs its jobs mutually exclusively with this executor, which holds only for the same object.
    public func isSameExclusiveExecutionContext(other: SerialQueueExecutor) -> Bool {
        self === other
    }

    /// Whether the caller runs on this executor's queue.
    public func isIsolatingCurrentContext() -> Bool? {
        DispatchQueue.getSpecific(key: Self.currentExecutor) == ObjectIdentifier(self)
    }

    /// Traps unless the caller runs on this executor's queue.
    public func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}
