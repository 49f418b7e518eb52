import Synchronization

/// A value behind a lock that tasks can await a condition of.
final class Observed<Value: Sendable>: Sendable {
    private struct Waiter {
        let predicate: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Storage {
        var value: Value
        var waiters: [UInt64: Waiter] = [:]
        var nextWaiter: UInt64 = 0
    }

    private let storage: Mutex<Storage>

    init(_ value: Value) {
        storage = Mutex(Storage(value: value))
    }

    /// A copy of the value.
    var value: Value {
        storage.withLock { $0.value }
    }

    /// Changes the value, and then resumes the tasks whose condition it meets. The closure must not wait for anything.
    @discardableResult
    func update<Result: Sendable>(_ change: (inout Value) -> Result) -> Result {
        let (result, met) = storage.withLock { storage in
            let result = change(&storage.value)
            let met = storage.waiters.filter { $0.value.predicate(storage.value) }
            for id in met.keys {
                storage.waiters[id] = nil
            }
            return (result, met)
        }
        for waiter in met.values {
            waiter.continuation.resume()
        }
        return result
    }

    /// Waits until the value meets a condition, which it may no longer do when this returns.
    ///
    /// - Throws: `CancellationError`.
    func wait(until predicate: @escaping @Sendable (Value) -> Bool) async throws {
        let id = storage.withLock { storage in
            storage.nextWaiter += 1
            return storage.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // The cancellation handler may have run before the waiter is stored; then nobody would resume it.
                let isDone = storage.withLock { storage in
                    if Task.isCancelled || predicate(storage.value) {
                        return true
                    }
                    storage.waiters[id] = Waiter(predicate: predicate, continuation: continuation)
                    return false
                }
                if isDone {
                    continuation.resume()
                }
            }
            try Task.checkCancellation()
        } onCancel: {
            let waiter = storage.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Waits until the value meets a condition, for at most `timeout`, and returns whether it did.
    ///
    /// - Throws: `CancellationError`.
    func wait(timeout: Duration, until predicate: @escaping @Sendable (Value) -> Bool) async throws -> Bool {
        if predicate(value) {
            return true
        }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await self.wait(until: predicate)
                return true
            }
            group.addTask {
                try await Task.sleep(for: timeout)
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }
}
