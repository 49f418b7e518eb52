import Contracts
import Postgres

/// What one service accepts and does: its table of contents, without anything that runs it. The runtime runs it over AMQP;
/// a simulation runs the same value in memory.
public struct ServiceDefinition: Sendable {
    public let name: ServiceName
    /// The service's own migrations. The runtime's tables (inbox, outbox, jobs) come before them.
    public let migrations: [PostgresMigration]
    public private(set) var messageHandlers: [String: any RegisteredMessageHandler] = [:]
    public private(set) var requestHandlers: [String: any RegisteredRequestHandler] = [:]
    public private(set) var jobPerformers: [String: any RegisteredJobPerformer] = [:]
    public private(set) var sweeps: [any Sweep] = []
    /// How many partitions the stock commands are spread over. Only the owner of stock has any.
    public let inventoryPartitions: Int
    /// From one batch of messages to the next in a rush: longer for a service whose work nobody waits for, so that it takes
    /// more at a time.
    public let batchInterval: Duration
    /// From one time at which what requests and jobs have caused is published to the next, in a rush: longer for a service
    /// whose news nobody waits for.
    public let publishingInterval: Duration

    public init(
        name: ServiceName, migrations: [PostgresMigration], inventoryPartitions: Int = 0,
        batchInterval: Duration = BatchPace.standardInterval,
        publishingInterval: Duration = BatchPace.standardInterval
    ) {
        self.name = name
        self.migrations = migrations
        self.inventoryPartitions = inventoryPartitions
        self.batchInterval = batchInterval
        self.publishingInterval = publishingInterval
    }

    /// Accepts a command or an event.
    public mutating func on<Handler: MessageHandler>(_ handler: Handler) {
        precondition(messageHandlers[Handler.Body.name] == nil, "\(Handler.Body.name) has two handlers in \(name)")
        messageHandlers[Handler.Body.name] = MessageHandlerRegistration(handler: handler)
    }

    /// Answers a request.
    public mutating func answer<Handler: RequestHandler>(_ handler: Handler) {
        precondition(requestHandlers[Handler.Body.name] == nil, "\(Handler.Body.name) has two handlers in \(name)")
        requestHandlers[Handler.Body.name] = RequestHandlerRegistration(handler: handler)
    }

    /// Performs a kind of outside work.
    public mutating func perform<Performer: JobPerformer>(_ performer: Performer) {
        precondition(jobPerformers[Performer.kind] == nil, "\(Performer.kind) has two performers in \(name)")
        jobPerformers[Performer.kind] = JobPerformerRegistration(performer: performer)
    }

    /// The same service with its handlers seen through others, which may watch or bend what they do: for simulations.
    func wrapping(
        messages: (any RegisteredMessageHandler) -> any RegisteredMessageHandler,
        requests: (any RegisteredRequestHandler) -> any RegisteredRequestHandler,
        jobs: (any RegisteredJobPerformer) -> any RegisteredJobPerformer, sweeps: (any Sweep) -> any Sweep
    ) -> ServiceDefinition {
        var copy = self
        copy.messageHandlers = messageHandlers.mapValues(messages)
        copy.requestHandlers = requestHandlers.mapValues(requests)
        copy.jobPerformers = jobPerformers.mapValues(jobs)
        copy.sweeps = self.sweeps.map(sweeps)
        return copy
    }

    /// Repeats a sweep for as long as the service runs.
    public mutating func sweep(_ sweep: some Sweep) {
        sweeps.append(sweep)
    }
}
