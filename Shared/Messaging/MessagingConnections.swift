import AMQP
import Contracts
import Foundation
import Logging
import Postgres

/// What a service sends with: made before the service itself is built, because its parts are built from it.
public struct MessagingConnections: Sendable {
    public let service: ServiceName
    public let database: PostgresClient
    public let moments: MomentSource
    /// Asks other services.
    public let requests: RequestClient
    /// Transactions that no message started.
    public let unitOfWork: UnitOfWork
    let configuration: AMQPConfiguration
    let publisher: AMQPPublisher
    let requester: AMQPRequester
    let outbox: OutboxPublisher
    let jobs: JobRunner
    let dispatcher: Dispatcher
    let metrics: MessagingMetrics
    let logger: Logger

    public init(
        service: ServiceName, broker configuration: AMQPConfiguration, database: PostgresClient, moments: MomentSource,
        logger: Logger
    ) {
        self.service = service
        self.configuration = configuration
        self.database = database
        self.moments = moments
        self.logger = logger
        metrics = MessagingMetrics(service: service)
        publisher = AMQPPublisher(
            configuration: configuration.named("\(service) publisher"), topology: MessagingTopology.exchanges,
            logger: logger)
        requester = AMQPRequester(configuration: configuration.named("\(service) requester"), logger: logger)
        requests = RequestClient(requester: requester, service: service, moments: moments)
        outbox = OutboxPublisher(
            database: database, transport: AMQPTransport(publisher: publisher), moments: moments, metrics: metrics,
            logger: logger)
        jobs = JobRunner(
            service: service, database: database, outbox: outbox, moments: moments, metrics: metrics, logger: logger)
        dispatcher = Dispatcher(outbox: outbox, jobs: jobs)
        unitOfWork = UnitOfWork(service: service, database: database, moments: moments, dispatcher: dispatcher)
    }
}

extension AMQPConfiguration {
    fileprivate func named(_ name: String) -> AMQPConfiguration {
        var copy = self
        copy.connectionName = name
        return copy
    }

    /// The same broker for one purpose of a service, as the management pages show it.
    func forConsuming(_ queue: String) -> AMQPConfiguration {
        named("\(queue) consumer")
    }
}
