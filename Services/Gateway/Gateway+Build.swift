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
    let watch = CheckoutWatch()
    let requestLog = RequestLogWriter(database: resources.database, logger: resources.logger)

    let edge = GatewayEdge(
        configuration: configuration, database: resources.database, calls: resources.requests,
        work: resources.unitOfWork, moments: resources.moments, keys: keys, watch: watch, requestLog: requestLog,
        logger: resources.logger)
    let application = try edge.application()

    var listener = BroadcastListener()
    listener.on(CheckoutProgressed.self) { received in
        guard let organizationID = received.envelope.organizationID else { return }
        watch.publish(received.body.checkout, of: organizationID)
    }
    listener.on(APIKeyRevoked.self) { received in keys.forget(received.body.apiKeyID) }
    listener.on(OrganizationChanged.self) { received in keys.forget(keysOf: received.body.organizationID) }

    var definition = ServiceDefinition(name: .gateway, migrations: gatewayMigrations)
    definition.sweep(IdempotencyRetention())
    definition.sweep(RequestLogRetention())

    // The last one stops first: requests end before their log does.
    return ServiceAssembly(definition: definition, services: [requestLog, application], listener: listener)
}
