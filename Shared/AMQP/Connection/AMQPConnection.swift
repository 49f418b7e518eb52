import CRabbitMQ
import Dispatch
import Foundation
import Logging
import SerialQueueExecutor
import Synchronization

/// One connection with one channel: the only type that touches a handle of rabbitmq-c.
///
/// The handle must not be used by two threads at a time, so the actor is pinned to a serial queue of its own, and the
/// sources that watch the socket and the clock target the same queue. There is one channel, because the library drops
/// frames of other channels while it waits for one. A connection is never repaired: any error ends it, and its owner
/// opens another.
actor AMQPConnection {
    /// The only channel of a connection.
    static let channel: amqp_channel_t = 1
    /// The frame size in bytes that is asked for: the broker's default.
    static let frameMaximum: Int32 = 131_072

    /// A consumer that was started.
    struct Consumer {
        let queue: String
        let acknowledges: Bool
    }

    private static let lastEpoch = Atomic<UInt64>(0)

    let configuration: AMQPConfiguration
    let endpoint: AMQPEndpoint
    let observer: ConnectionObserver
    let logger: Logger
    /// Unique in this process, and growing.
    nonisolated let epoch: UInt64
    nonisolated let vitals: ConnectionVitals
    /// Why the connection ended, or `nil` while it is open.
    nonisolated let closure = Observed<AMQPError?>(nil)

    private let executor: SerialQueueExecutor
    let pool = AllocationPool()
    private(set) var handle: amqp_connection_state_t?
    private var readSource: (any DispatchSourceRead)?
    private var tickSource: (any DispatchSourceTimer)?

    var assembler = ContentAssembler()
    var confirms = ConfirmTracker()
    var coalescer = AcknowledgementCoalescer()
    var batches: [UInt64: PublishBatch] = [:]
    var nextBatchID: UInt64 = 0
    var confirmsAreOn = false
    var isBlocked = false
    /// The consumers by their tags.
    var consumers: [String: Consumer] = [:]
    /// The named queues that belong to this connection.
    var exclusiveQueues: Set<String> = []
    /// Deliveries of the drain in progress.
    var drained: [AMQPDelivery] = []
    /// The answer to the `basic.get` in progress.
    var fetched: AMQPFetchedMessage?
    var isDraining = false

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    private init(
        configuration: AMQPConfiguration, endpoint: AMQPEndpoint, observer: ConnectionObserver, logger: Logger
    ) {
        self.configuration = configuration
        self.endpoint = endpoint
        self.observer = observer
        self.logger = logger
        epoch = Self.lastEpoch.add(1, ordering: .relaxed).newValue
        executor = SerialQueueExecutor(label: "amqp-connection")
        vitals = ConnectionVitals(
            silenceLimit: configuration.connectTimeout, publishLimit: configuration.publishTimeout)
    }

    isolated deinit {
        end(AMQPError(.stopped, "the connection was released"))
    }

    /// Connects, logs in and opens the channel.
    static func open(
        configuration: AMQPConfiguration, endpoint: AMQPEndpoint, observer: ConnectionObserver, logger: Logger
    ) async throws(AMQPError) -> AMQPConnection {
        let connection = AMQPConnection(
            configuration: configuration, endpoint: endpoint, observer: observer, logger: logger)
        try await connection.open()
        return connection
    }

    /// Whether the connection works as far as is known.
    nonisolated var isOpen: Bool {
        closure.value == nil
    }

    /// Waits for the end of the connection.
    ///
    /// - Throws: `CancellationError`.
    nonisolated func waitUntilClosed() async throws {
        try await closure.wait { $0 != nil }
    }

    /// Says goodbye to the broker and ends the connection.
    func close() {
        guard let handle, isOpen else {
            return
        }
        vitals.callBegan(limit: configuration.callTimeout)
        _ = amqp_connection_close(handle, AMQP_REPLY_SUCCESS)
        vitals.callEnded()
        end(AMQPError(.stopped, "the connection was closed by its owner"))
    }

    /// Runs `body` on the connection's queue, after what was submitted before. For callers that cannot await.
    nonisolated func submit(_ body: @escaping @Sendable (isolated AMQPConnection) -> Void) {
        executor.queue.async {
            self.assumeIsolated { body($0) }
        }
    }

    // MARK: - The handle

    /// Makes a handle for `open()`.
    func makeHandle() throws(AMQPError) -> amqp_connection_state_t {
        guard let created = amqp_new_connection() else {
            throw AMQPError(.connectionFailed, "the library could not allocate a connection")
        }
        handle = created
        return created
    }

    /// Calls the library under the watchdog.
    ///
    /// - Parameter limit: how long the call may take; two heartbeats unless given.
    /// - Throws: the reason why the connection ended, if it has.
    func withHandle<Result>(
        limit: Duration? = nil, _ body: (amqp_connection_state_t) -> Result
    ) throws(AMQPError) -> Result {
        guard let handle else {
            throw closure.value ?? AMQPError(.connectionClosed, "the connection is not open")
        }
        vitals.callBegan(limit: limit ?? configuration.heartbeat * 2)
        defer { vitals.callEnded() }
        return body(handle)
    }

    /// Hands a duplicate of the socket to the watchdog. See ``ConnectionVitals`` for why it is a duplicate.
    func attachWatchdog() throws(AMQPError) {
        let descriptor = dup(try withHandle { amqp_get_sockfd($0) })
        guard descriptor >= 0 else {
            throw AMQPError(.connectionFailed, "the socket could not be duplicated: errno \(errno)")
        }
        // A program that this process starts must not keep the connection alive.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        vitals.attach(descriptor: descriptor)
        AMQPWatchdog.watch(vitals)
    }

    /// Starts to react to the socket and to the clock.
    func startSources() throws(AMQPError) {
        guard let descriptor = vitals.descriptor else {
            throw AMQPError(.connectionFailed, "the connection has no socket")
        }
        let readSource = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: executor.queue)
        readSource.setEventHandler { [weak self] in
            self?.assumeIsolated { $0.socketBecameReadable() }
        }
        // The descriptor is this source's to close, after its last event.
        readSource.setCancelHandler { Foundation.close(descriptor) }
        let tickSource = DispatchSource.makeTimerSource(queue: executor.queue)
        tickSource.setEventHandler { [weak self] in
            self?.assumeIsolated { $0.tick() }
        }
        let interval = min(
            .milliseconds(500), configuration.heartbeat / 4, max(.milliseconds(20), configuration.publishTimeout / 10))
        let seconds = Double(interval.components.seconds) + Double(interval.components.attoseconds) / 1e18
        tickSource.schedule(deadline: .now() + seconds, repeating: seconds, leeway: .milliseconds(50))
        self.readSource = readSource
        self.tickSource = tickSource
        readSource.activate()
        tickSource.activate()
    }

    private func socketBecameReadable() {
        vitals.received()
        drain()
    }

    /// Sends a heartbeat when one is due, and gives up messages that are unconfirmed for too long.
    private func tick() {
        drain()
        expireUnconfirmed()
    }

    /// Ends the connection over an error, unless it has ended. If the watchdog had to step in, its reason is the cause.
    func fail(_ error: AMQPError) {
        guard isOpen else {
            return
        }
        end(vitals.intervention ?? error)
    }

    /// Releases everything and tells everybody who waits.
    private func end(_ reason: AMQPError) {
        guard handle != nil || isOpen else {
            return
        }
        AMQPWatchdog.forget(vitals)
        let descriptor = vitals.detach()
        if let handle {
            amqp_destroy_connection(handle)
        }
        handle = nil
        if let readSource {
            readSource.cancel()
        } else if let descriptor {
            _ = Foundation.close(descriptor)
        }
        tickSource?.cancel()
        readSource = nil
        tickSource = nil
        drained = []

        let isFirstReason = closure.update { closure in
            guard closure == nil else {
                return false
            }
            closure = reason
            return true
        }
        if isFirstReason {
            failBatches(reason)
            observer.closed(reason)
        }
    }
}
