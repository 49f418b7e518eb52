/// Requests in the order of their arrival, any of which may leave early.
struct WaitingQueue {
    private var deadlines: [PoolStateMachine.RequestID: ContinuousClock.Instant] = [:]
    /// Ids in order; those that left stay until the head passes them.
    private var order: [PoolStateMachine.RequestID] = []
    private var head = 0

    var count: Int { deadlines.count }

    var isEmpty: Bool { deadlines.isEmpty }

    mutating func append(_ id: PoolStateMachine.RequestID, deadline: ContinuousClock.Instant) {
        deadlines[id] = deadline
        order.append(id)
    }

    /// The request that waits longest, and its deadline.
    mutating func first() -> (id: PoolStateMachine.RequestID, deadline: ContinuousClock.Instant)? {
        while head < order.count {
            if let deadline = deadlines[order[head]] { return (order[head], deadline) }
            head += 1
        }
        order.removeAll(keepingCapacity: true)
        head = 0
        return nil
    }

    mutating func popFirst() -> PoolStateMachine.RequestID? {
        guard let id = first()?.id else { return nil }
        deadlines[id] = nil
        head += 1
        if head > 1024 && head * 2 > order.count {
            order.removeFirst(head)
            head = 0
        }
        return id
    }

    /// Takes the request out; false when it is not here.
    mutating func remove(_ id: PoolStateMachine.RequestID) -> Bool {
        deadlines.removeValue(forKey: id) != nil
    }
}
