import Contracts
import Messaging
import Postgres
import ServiceLifecycle
import ServiceRuntime

/// Everything Payments accepts, performs and runs.
@Sendable
func buildPayments(_ settings: ServiceSettings, _ resources: ServiceResources) throws -> ServiceAssembly {
    let configuration = try PaymentsConfiguration(settings)
    return buildPayments(
        configuration, resources,
        sandboxDatabase: PostgresClient(configuration: configuration.sandboxDatabase, logger: resources.logger),
        pause: .system)
}

/// The same with the sandbox's book and the way to wait given, as a simulation does.
func buildPayments(
    _ configuration: PaymentsConfiguration, _ resources: ServiceResources, sandboxDatabase: PostgresClient, pause: Pause
) -> ServiceAssembly {
    let book = SandboxBook(database: sandboxDatabase)
    let providers = PaymentProviders([
        SandboxProvider(book: book, moments: resources.moments, pause: pause)
    ])
    let recorder = ChargeRecorder(fee: configuration.fee, persistence: configuration.persistence)
    let refundRecorder = RefundRecorder()
    let deadline = Deadline(limit: configuration.providerDeadline, pause: pause)

    var definition = ServiceDefinition(name: .payments, migrations: paymentsMigrations)
    definition.on(ChargeHandler())
    definition.perform(
        ChargeJob(
            providers: providers, recorder: recorder, deadline: deadline, concurrency: configuration.chargeConcurrency))
    definition.perform(
        ChargeStatusJob(
            providers: providers, recorder: recorder, deadline: deadline, concurrency: configuration.chargeConcurrency))
    definition.on(RefundHandler(fees: configuration.refundFees))
    definition.perform(
        RefundJob(
            providers: providers, recorder: refundRecorder, deadline: deadline,
            concurrency: configuration.refundConcurrency))
    definition.perform(
        RefundStatusJob(
            providers: providers, recorder: refundRecorder, deadline: deadline,
            concurrency: configuration.refundConcurrency))
    definition.answer(ListLedgerAccountsHandler())
    definition.answer(ListLedgerEntriesHandler())

    let inbox = ProviderNotificationInbox(charges: recorder, refunds: refundRecorder)
    let notifier = SandboxNotifier(
        book: book, moments: resources.moments, pause: pause, logger: resources.logger
    ) { notification in
        try await resources.unitOfWork.run(organizationID: nil) { transaction, moment in
            ((), try inbox.receive(notification, in: transaction, at: moment))
        }
    }
    return ServiceAssembly(
        definition: definition,
        services: [SandboxService(notifier: notifier)],
        readiness: [
            ReadinessCheck("sandbox") {
                do {
                    _ = try await sandboxDatabase.query("SELECT 1")
                    return nil
                } catch {
                    return "the sandbox provider's database does not answer"
                }
            }
        ],
        otherDatabases: [OtherDatabase(ownerURL: configuration.sandboxOwnerURL, migrations: sandboxMigrations)])
}
