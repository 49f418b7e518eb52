import Contracts
import Foundation
import Messaging
import Postgres
import ServiceRuntime

@testable import Messaging
@testable import Payments

/// Everything that a process loses when it dies: the real parts of the runtime with what they hold, around the service's
/// own definition.
@SimulationActor
final class ProcessMemory {
    let definition: ServiceDefinition
    let topology: MessagingTopology
    let processor: BatchProcessor
    let requests: RequestProcessor
    let outbox: OutboxPublisher
    let jobs: JobRunner
    let sweeper: SweepRunner
    /// The sandbox provider's, in Payments.
    let notifier: SandboxNotifier?
    private var remembered: Set<UUID> = []

    init(of process: SimulatedProcess) throws {
        let simulation = process.simulation
        let service = process.service
        let moments = simulation.time.moments
        let metrics = MessagingMetrics(service: service)
        let logger = SimulatedDatabases.quiet
        let database = try simulation.world.databases.client(of: service)
        outbox = OutboxPublisher(
            database: database, transport: SimulatedTransport(process: process, life: process.life), moments: moments,
            metrics: metrics, logger: logger)
        jobs = JobRunner(
            service: service, database: database, outbox: outbox, moments: moments, metrics: metrics, logger: logger,
            rest: { _ in })
        let dispatcher = Dispatcher(outbox: outbox, jobs: jobs)
        let assembly = try simulation.world.assembly(
            of: service, holdSeconds: simulation.shape.holdSeconds, moments: moments,
            unitOfWork: UnitOfWork(service: service, database: database, moments: moments, dispatcher: dispatcher),
            outside: simulation.outside)
        definition = simulation.mutation?.planted(in: assembly.definition, of: simulation) ?? assembly.definition
        notifier = assembly.services.lazy.compactMap { $0 as? SandboxService }.first?.notifier
        topology = MessagingTopology(definition: definition)
        jobs.register(definition.jobPerformers)
        processor = BatchProcessor(
            definition: definition, database: database, moments: moments, metrics: metrics, logger: logger)
        requests = RequestProcessor(
            definition: definition, database: database, moments: moments, metrics: metrics, logger: logger)
        sweeper = SweepRunner(
            service: service, database: database, moments: moments, dispatcher: dispatcher, stopping: StopSignal(),
            metrics: metrics, logger: logger)
    }

    var queues: [String] {
        [topology.messageQueue, topology.requestQueue].compactMap { $0 } + topology.partitionQueues
    }

    /// - Returns: whether the message is new to this process.
    func remember(_ id: UUID) -> Bool {
        remembered.insert(id).inserted
    }
}

/// Carries a process's messages into the broker in memory.
struct SimulatedTransport: MessageTransport {
    let process: SimulatedProcess
    let life: Int

    /// A bundle's messages travel one by one here; it has left when all of them have.
    func publish(_ bundles: [OutboundBundle]) async -> [PublishOutcome] {
        var outcomes: [PublishOutcome] = []
        for bundle in bundles {
            let each = await process.simulation.carry(bundle.messages, from: process, life: life)
            outcomes.append(each.first { $0 != .confirmed } ?? .confirmed)
        }
        return outcomes
    }

    func send(_ bundles: [OutboundBundle]) async {
        _ = await publish(bundles)
    }
}
