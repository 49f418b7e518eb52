import Contracts
import Hummingbird
import Logging
import Messaging
import NIOCore
import Postgres
import ServiceLifecycle
import ServiceRuntime

/// Everything the Gateway serves, hears and runs.
@Sendable
func buildGateway(_ settings: ServiceSettings, _ resources: ServiceResources) throws -> ServiceAssembly {
    let configuration = try GatewayConfiguration(settings)
    let keys = KeyDirectory(database: resources.database, platformKey: configuration.platformKey)
    let ledger = IdempotencyLedger(
        database: resources.database, moments: resources.moments,
        seal: ReplySeal(platformKey: configuration.platformKey), logger: resources.logger)
    let watch = CheckoutWatch()
    let answers = AnswerCache()
    let availability = AvailabilityLookup(calls: resources.requests, moments: resources.moments)
    let requestLog = RequestLogWriter(database: resources.database, logger: resources.logger)

    let edge = GatewayEdge(
        configuration: configuration, database: resources.database, calls: resources.requests,
        work: resources.unitOfWork, moments: resources.moments, keys: keys, ledger: ledger, watch: watch,
        answers: answers, availability: availability, requestLog: requestLog, logger: resources.logger)
    let application = try edge.application()

    var listener = BroadcastListener()
    let news = CheckoutNews(watch: watch, answers: answers, availability: availability)
    listener.on(undecoded: CheckoutProgressed.self) { envelope, body in try news.hear(envelope, body) }
    listener.on(APIKeyRevoked.self) { received in keys.forget(received.body.apiKeyID) }
    listener.on(OrganizationChanged.self) { received in keys.forget(keysOf: received.body.organizationID) }

    var definition = ServiceDefinition(name: .gateway, migrations: gatewayMigrations)
    definition.sweep(IdempotencyRetention())
    definition.sweep(RequestLogRetention())

    // The last one stops first: requests end before their answers are kept and their log ends.
    return ServiceAssembly(definition: definition, services: [requestLog, ledger, application], listener: listener)
}
