/// Who gets which connection when. A pure value: it knows neither sockets nor clocks; every method takes what happened and
/// returns what to do, in order.
///
/// Idle connections are lent last in, first out, so that surplus ones stay idle long enough to be closed. Callers wait first
/// in, first out. While connections fail, one attempt at a time is made, with growing rests between; callers keep waiting up to
/// their own deadline, which bridges the restart of a server.
struct PoolStateMachine {
    typealias ConnectionID = Int
    typealias RequestID = UInt64
    typealias Instant = ContinuousClock.Instant

    struct Configuration {
        var maximumConnections = 8
        var maximumWaiters = 10_000
        var acquireTimeout: Duration = .seconds(5)
        var idleTimeout: Duration?
        /// An idle connection that was not used for so long is asked whether it still answers.
        var checkInterval: Duration = .seconds(30)
        var firstRest: Duration = .milliseconds(100)
        var longestRest: Duration = .seconds(2)
    }

    enum Failure: Equatable {
        case timedOut
        /// Timed out, and the last attempt to connect had failed.
        case cannotConnect
        case tooManyWaiters
        case cancelled
        case closed
    }

    enum Action: Equatable {
        case lease(ConnectionID, to: RequestID)
        case fail(RequestID, Failure)
        /// Then tell ``PoolStateMachine/connected(_:now:)`` or ``PoolStateMachine/connectFailed(_:jitter:now:)``.
        case connect(ConnectionID)
        /// Then tell ``PoolStateMachine/checked(_:isHealthy:now:)``.
        case check(ConnectionID)
        /// Then tell ``PoolStateMachine/closed(_:now:)``.
        case close(ConnectionID)
        /// Call ``PoolStateMachine/wake(now:)`` then.
        case wake(at: Instant)
        /// The last connection is gone.
        case finishClosing
    }

    private enum State {
        /// Can become idle, leased or closing, or fail and be gone.
        case connecting
        /// Can become leased, checking or closing.
        case idle(since: Instant, checked: Instant)
        /// Can become idle or closing.
        case checking(since: Instant)
        /// Can become idle, leased again or closing.
        case leased
        /// Gone when closed.
        case closing
    }

    private let configuration: Configuration
    private var connections: [ConnectionID: State] = [:]
    /// The idle connections, last used last.
    private var idle: [ConnectionID] = []
    private var waiting = WaitingQueue()
    private var nextConnectionID = 1
    private var failedAttempts = 0
    /// Before this no connection is attempted.
    private var nextAttempt: Instant?
    /// The earliest wake that was asked for and has not come.
    private var nextWake: Instant?
    private var isClosing = false

    init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    var statistics: PostgresPoolStatistics {
        var statistics = PostgresPoolStatistics(maximum: configuration.maximumConnections)
        statistics.idle = idle.count
        statistics.waiting = waiting.count
        for state in connections.values {
            switch state {
            case .leased: statistics.inUse += 1
            case .connecting: statistics.connecting += 1
            case .idle, .checking, .closing: break
            }
        }
        return statistics
    }

    // MARK: Requests

    /// Somebody wants a connection.
    mutating func request(_ id: RequestID, now: Instant) -> [Action] {
        guard !isClosing else { return [.fail(id, .closed)] }
        if let connection = idle.popLast() {
            connections[connection] = .leased
            return [.lease(connection, to: id)]
        }
        guard waiting.count < configuration.maximumWaiters else { return [.fail(id, .tooManyWaiters)] }
        waiting.append(id, deadline: now + configuration.acquireTimeout)
        return proceed(now: now)
    }

    /// A waiting caller gave up. Nothing happens when it has a connection already.
    mutating func cancel(_ id: RequestID) -> [Action] {
        waiting.remove(id) ? [.fail(id, .cancelled)] : []
    }

    /// The time for which a wake was asked has come: callers may have waited too long, or a connection may be tried again.
    mutating func wake(now: Instant) -> [Action] {
        if let nextWake, nextWake <= now { self.nextWake = nil }
        let failure: Failure = failedAttempts > 0 ? .cannotConnect : .timedOut
        var actions: [Action] = []
        while let (id, deadline) = waiting.first(), deadline <= now {
            _ = waiting.popFirst()
            actions.append(.fail(id, failure))
        }
        return actions + proceed(now: now)
    }

    // MARK: Connections

    /// A connection is open.
    mutating func connected(_ id: ConnectionID, now: Instant) -> [Action] {
        failedAttempts = 0
        nextAttempt = nil
        return offer(id, since: now, now: now, isFresh: true) + proceed(now: now)
    }

    /// A connection could not be opened. `jitter`, between 0 and 1, spreads the next attempts of many processes.
    mutating func connectFailed(_ id: ConnectionID, jitter: Double, now: Instant) -> [Action] {
        connections[id] = nil
        let doubled = configuration.firstRest * (1 << min(failedAttempts, 16))
        let rest = min(doubled, configuration.longestRest)
        failedAttempts += 1
        nextAttempt = now + rest * (0.5 + 0.5 * jitter)
        return isClosing ? finishIfEmpty() : proceed(now: now)
    }

    /// A lent connection came back.
    mutating func release(_ id: ConnectionID, isReusable: Bool, now: Instant) -> [Action] {
        guard isReusable else { return close(id) }
        return offer(id, since: now, now: now, isFresh: true)
    }

    /// An idle connection answered, or not.
    mutating func checked(_ id: ConnectionID, isHealthy: Bool, now: Instant) -> [Action] {
        guard isHealthy, case .checking(let since) = connections[id] else { return close(id) }
        return offer(id, since: since, now: now, isFresh: false)
    }

    /// A connection has been closed.
    mutating func closed(_ id: ConnectionID, now: Instant) -> [Action] {
        connections[id] = nil
        return isClosing ? finishIfEmpty() : proceed(now: now)
    }

    /// Closes connections that were idle for too long, and has those checked that were not used for a while.
    mutating func maintain(now: Instant) -> [Action] {
        var actions: [Action] = []
        for id in idle {
            guard case .idle(let since, let checked) = connections[id] else { continue }
            if let idleTimeout = configuration.idleTimeout, now - since >= idleTimeout {
                actions += close(id)
            } else if now - checked >= configuration.checkInterval {
                connections[id] = .checking(since: since)
                actions.append(.check(id))
            }
        }
        idle.removeAll { id in
            if case .idle = connections[id] { false } else { true }
        }
        return actions
    }

    /// Lends nothing more. Lent connections close as they come back.
    mutating func close() -> [Action] {
        guard !isClosing else { return [] }
        isClosing = true
        var actions: [Action] = []
        while let id = waiting.popFirst() {
            actions.append(.fail(id, .closed))
        }
        for id in idle { actions += close(id) }
        idle.removeAll()
        return actions + finishIfEmpty()
    }

    // MARK: Parts

    private mutating func close(_ id: ConnectionID) -> [Action] {
        connections[id] = .closing
        return [.close(id)]
    }

    /// Gives an open connection to who waits longest, or keeps it.
    private mutating func offer(_ id: ConnectionID, since: Instant, now: Instant, isFresh: Bool) -> [Action] {
        guard !isClosing else { return close(id) }
        if let request = waiting.popFirst() {
            connections[id] = .leased
            return [.lease(id, to: request)]
        }
        connections[id] = .idle(since: since, checked: now)
        // A connection that nobody asked for stays behind those that were in use.
        if isFresh { idle.append(id) } else { idle.insert(id, at: 0) }
        return []
    }

    /// Opens as many connections as callers wait for, or one while connecting fails, and says when to look again.
    private mutating func proceed(now: Instant) -> [Action] {
        guard !waiting.isEmpty else { return [] }
        if let nextAttempt, nextAttempt > now { return scheduleWake() }
        var connecting = statistics.connecting
        var actions: [Action] = []
        while waiting.count > connecting, connections.count < configuration.maximumConnections,
            failedAttempts == 0 || connecting == 0
        {
            let id = nextConnectionID
            nextConnectionID += 1
            connecting += 1
            connections[id] = .connecting
            nextAttempt = nil
            actions.append(.connect(id))
        }
        return actions + scheduleWake()
    }

    private mutating func scheduleWake() -> [Action] {
        guard let deadline = waiting.first()?.deadline else { return [] }
        let instant = min(deadline, nextAttempt ?? deadline)
        if let nextWake, nextWake <= instant { return [] }
        nextWake = instant
        return [.wake(at: instant)]
    }

    private func finishIfEmpty() -> [Action] {
        connections.isEmpty ? [.finishClosing] : []
    }
}
