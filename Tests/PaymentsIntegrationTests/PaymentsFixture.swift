import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Payments

/// Payments and the sandbox provider on real databases, in a time that only the test moves. Handlers and jobs run here
/// in the order the test wants; everything they cause is collected.
final class PaymentsFixture: Sendable {
    private struct State {
        var messages: [Outgoing] = []
        var jobs: [NewJob] = []
    }

    let database: PostgresClient
    let sandboxDatabase: PostgresClient
    let clock = ManualClock()
    let moments: MomentSource
    let provider: SandboxProvider
    let recorder: ChargeRecorder
    let chargeJob: ChargeJob
    let statusJob: ChargeStatusJob
    let refundHandler: RefundHandler
    let refundRecorder = RefundRecorder()
    let refundJob: RefundJob
    let refundStatusJob: RefundStatusJob
    private let state = Mutex(State())

    init(
        database: PostgresClient, sandboxDatabase: PostgresClient, abandonAfter: Duration = .seconds(300),
        refundFees: RefundFees = .kept
    ) {
        self.database = database
        self.sandboxDatabase = sandboxDatabase
        let clock = clock
        moments = MomentSource(
            clock: { .example + clock.elapsed },
            random: {
                var generator = SystemRandomNumberGenerator()
                return generator.next()
            })
        let pause = Pause { try await clock.sleep(for: $0) }
        provider = SandboxProvider(book: SandboxBook(database: sandboxDatabase), moments: moments, pause: pause)
        recorder = ChargeRecorder(
            fee: PlatformFee(basisPoints: 150, fixedCents: 0),
            persistence: ChargePersistence(abandonAfter: abandonAfter))
        let providers = PaymentProviders([provider])
        let deadline = Deadline(limit: .seconds(5), pause: pause)
        chargeJob = ChargeJob(providers: providers, recorder: recorder, deadline: deadline, concurrency: 8)
        statusJob = ChargeStatusJob(providers: providers, recorder: recorder, deadline: deadline, concurrency: 8)
        refundHandler = RefundHandler(fees: refundFees)
        refundJob = RefundJob(providers: providers, recorder: refundRecorder, deadline: deadline, concurrency: 8)
        refundStatusJob = RefundStatusJob(
            providers: providers, recorder: refundRecorder, deadline: deadline, concurrency: 8)
    }

    var now: Timestamp { moments.now() }

    /// The provider's side of notifications, wired to Payments as in production.
    var notifier: SandboxNotifier {
        SandboxNotifier(
            book: provider.book, moments: moments, pause: provider.pause, logger: Logger(label: "sandbox")
        ) { notification in
            try await self.receive(notification)
        }
    }

    // MARK: What was caused

    /// The events of one kind that were caused so far.
    func events<Body: Event>(_ type: Body.Type) -> [Body] {
        state.withLock { $0.messages.compactMap { $0.message as? Body } }
    }

    /// Everything that was said so far, with its addressing.
    var messages: [Outgoing] { state.withLock { $0.messages } }

    /// The work that waits.
    var jobs: [NewJob] { state.withLock { $0.jobs } }

    func collect(_ effects: Effects) {
        state.withLock { state in
            state.messages += effects.messages
            state.jobs += effects.jobs
        }
    }

    // MARK: Doing

    /// Runs `body` as the running service does: under its own role, committed as a whole.
    func withTransaction<R: Sendable>(
        _ body: @Sendable (PostgresTransaction, Moment) throws -> R
    ) async throws -> R {
        let moment = moments.moment()
        return try await database.withTransaction { transaction in
            try transaction.execute("SET LOCAL ROLE payments")
            return try body(transaction, moment)
        }
    }

    /// A command, for the time the clock shows.
    func charge(
        _ token: String, amountCents: Int = 10_000, chargeID: ChargeID? = nil, orderID: OrderID? = nil,
        provider: String = "sandbox", holdSeconds: Int = 900
    ) -> Charge {
        let moment = moments.moment()
        return Charge(
            chargeID: chargeID ?? moment.makeID(), checkoutID: moment.makeID(), orderID: orderID ?? moment.makeID(),
            amountCents: amountCents, currency: .zar, instrument: PaymentInstrument(provider: provider, token: token),
            holdExpiresAt: now + .seconds(holdSeconds))
    }

    /// Delivers commands together, each as a new message.
    func send(_ commands: Charge..., organizationID: OrganizationID = .example) async throws {
        try await send(commands, organizationID: organizationID)
    }

    func send(_ commands: [Charge], organizationID: OrganizationID = .example) async throws {
        let moment = moments.moment()
        let received = commands.map { command in
            Received(
                envelope: Envelope(
                    id: moment.makeUUID(), type: Charge.name, occurredAt: moment.now,
                    correlationID: command.checkoutID.rawValue, organizationID: organizationID, appID: "coordinator"),
                body: command)
        }
        let effects = try await withTransaction { transaction, moment in
            try ChargeHandler().handle(received, in: transaction, at: moment)
        }
        #expect(effects.count == commands.count)
        for effect in effects { collect(effect) }
    }

    /// Takes the work that is due off the list.
    func takeDueJobs() -> [NewJob] {
        let now = now
        return state.withLock { state in
            let due = state.jobs.filter { $0.dueAt.map { $0 <= now } ?? true }
            state.jobs.removeAll { $0.dueAt.map { $0 <= now } ?? true }
            return due
        }
    }

    /// Performs one job, as its performer does outside of any transaction.
    func perform(_ job: NewJob) async throws -> PerformedJob {
        switch job.payload {
        case let payload as ChargeJob.Payload:
            let job = try stored(job, payload)
            return .charge(Performed(job: job, outcome: try await chargeJob.perform(job)))
        case let payload as ChargeStatusJob.Payload:
            let job = try stored(job, payload)
            return .status(Performed(job: job, outcome: try await statusJob.perform(job)))
        case let payload as RefundJob.Payload:
            let job = try stored(job, payload)
            return .refund(Performed(job: job, outcome: try await refundJob.perform(job)))
        case let payload as RefundStatusJob.Payload:
            let job = try stored(job, payload)
            return .refundStatus(Performed(job: job, outcome: try await refundStatusJob.perform(job)))
        default:
            throw PaymentsFixtureError.unknownJob(job.kind)
        }
    }

    /// A call that never reached the provider and was never answered.
    func lose(_ job: NewJob) throws -> PerformedJob {
        switch job.payload {
        case let payload as ChargeJob.Payload:
            .charge(Performed(job: try stored(job, payload), outcome: .unknown))
        case let payload as RefundJob.Payload:
            .refund(Performed(job: try stored(job, payload), outcome: .unknown))
        default:
            throw PaymentsFixtureError.unknownJob(job.kind)
        }
    }

    /// The job as it comes back from its table.
    private func stored<Payload>(_ job: NewJob, _ payload: Payload) throws -> Job<Payload> {
        Job(
            id: UUID(), payload: try MessageCodec.decode(from: MessageCodec.encode(payload)), attempt: 1,
            organizationID: job.organizationID, correlationID: job.correlationID, startedAt: now)
    }

    /// Records outcomes together.
    /// - Parameter beforeCommit: runs inside of the transaction when all is written.
    func record(
        _ performed: [PerformedJob], beforeCommit: @escaping @Sendable () -> Void = {}
    ) async throws {
        let charges = performed.compactMap(\.charge)
        let inquiries = performed.compactMap(\.status)
        let refunds = performed.compactMap(\.refund)
        let refundInquiries = performed.compactMap(\.refundStatus)
        let effects = try await withTransaction { transaction, moment in
            let effects =
                try self.chargeJob.record(charges, in: transaction, at: moment)
                + self.statusJob.record(inquiries, in: transaction, at: moment)
                + self.refundJob.record(refunds, in: transaction, at: moment)
                + self.refundStatusJob.record(refundInquiries, in: transaction, at: moment)
            beforeCommit()
            return effects
        }
        #expect(effects.count == performed.count)
        for effect in effects { collect(effect) }
    }

    /// Records two outcomes so that the second begins when the first is written and not yet committed.
    func recordAtOnce(_ performed: [PerformedJob]) async throws {
        try await overlapping {
            try await self.record([performed[0]], beforeCommit: $0)
        } _: {
            try await self.record([performed[1]])
        }
    }

    /// Runs two transactions so that the second begins when the first is written and not yet committed, and waits for it.
    func overlapping(
        _ begin: @escaping @Sendable (_ beforeCommit: @escaping @Sendable () -> Void) async throws -> Void,
        _ follow: @escaping @Sendable () async throws -> Void
    ) async throws {
        let (isWritten, written) = AsyncStream.makeStream(of: Void.self)
        // The body of a transaction is synchronous and runs on its connection's own queue, which this may block.
        let mayCommit = DispatchSemaphore(value: 0)
        async let first: Void = begin {
            written.finish()
            mayCommit.wait()
        }
        for await _ in isWritten {}
        async let second: Void = follow()
        try await waitUntilBlocked()
        mayCommit.signal()
        try await first
        try await second
    }

    /// Performs and records everything that is due.
    func runDueJobs() async throws {
        var performed: [PerformedJob] = []
        for job in takeDueJobs() { performed.append(try await perform(job)) }
        if !performed.isEmpty { try await record(performed) }
    }

    /// Performs a job that waits on the clock, and moves the clock once it does.
    func runDueJobs(advancing duration: Duration) async throws {
        async let running: Void = runDueJobs()
        // The deadline and the provider.
        await clock.waitForSleepers(2)
        clock.advance(by: duration)
        try await running
    }

    /// Takes a notification, as the sandbox delivers it.
    func receive(_ notification: ProviderNotification) async throws {
        let inbox = ProviderNotificationInbox(charges: recorder, refunds: refundRecorder)
        collect(
            try await withTransaction { transaction, moment in
                try inbox.receive(notification, in: transaction, at: moment)
            })
    }

    /// Lets time pass in steps, doing what falls due, until nothing is left to do.
    func runUntilQuiet(step: Duration = .milliseconds(500)) async throws {
        for _ in 0..<10_000 {
            try await runDueJobs()
            try await notifier.deliverDue()
            if jobs.isEmpty, try await undeliveredNotifications() == 0 { return }
            clock.advance(by: step)
        }
        Issue.record("there is still work after a very long time")
    }
}
