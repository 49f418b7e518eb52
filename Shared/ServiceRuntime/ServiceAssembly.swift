import Contracts
import Logging
import Messaging
import Postgres
import ServiceLifecycle

/// What a service is built from.
public struct ServiceResources: Sendable {
    public let logger: Logger
    public let moments: MomentSource
    /// The service's own database, under its runtime role.
    public let database: PostgresClient
    /// Asks other services.
    public let requests: RequestClient
    /// Transactions that no message started.
    public let unitOfWork: UnitOfWork

    public init(
        logger: Logger, moments: MomentSource, database: PostgresClient, requests: RequestClient,
        unitOfWork: UnitOfWork
    ) {
        self.logger = logger
        self.moments = moments
        self.database = database
        self.requests = requests
        self.unitOfWork = unitOfWork
    }
}

/// A built service: what it handles, and what else runs in its process.
public struct ServiceAssembly: Sendable {
    public let definition: ServiceDefinition
    /// Started after messaging is up, stopped before it: for instance the HTTP server.
    public let services: [any Service]
    public let listener: BroadcastListener?
    public let readiness: [ReadinessCheck]
    public let otherDatabases: [OtherDatabase]

    public init(
        definition: ServiceDefinition, services: [any Service] = [], listener: BroadcastListener? = nil,
        readiness: [ReadinessCheck] = [], otherDatabases: [OtherDatabase] = []
    ) {
        self.definition = definition
        self.services = services
        self.listener = listener
        self.readiness = readiness
        self.otherDatabases = otherDatabases
    }
}

/// A further database of a service that `<service> migrate` takes care of.
public struct OtherDatabase: Sendable {
    /// The address of the database under the role that owns its tables.
    public let ownerURL: String
    public let migrations: [PostgresMigration]

    public init(ownerURL: String, migrations: [PostgresMigration]) {
        self.ownerURL = ownerURL
        self.migrations = migrations
    }
}

/// One condition of being ready to serve.
public struct ReadinessCheck: Sendable {
    public let name: String
    /// Nil when ready, else what is missing.
    public let problem: @Sendable () async -> String?

    public init(_ name: String, problem: @escaping @Sendable () async -> String?) {
        self.name = name
        self.problem = problem
    }
}
