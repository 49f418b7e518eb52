// swift-tools-version: 6.2
// The map of the platform: shared layers first, then one executable per domain cluster, then the tests.
// Each layer may only use the ones listed above it; Tests/StyleTests holds the code to it.

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")

extension Target {
    /// A library that several services use.
    static func shared(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
        .target(name: name, dependencies: dependencies, path: "Shared/\(name)", swiftSettings: settings)
    }

    /// A C library of the distribution, imported by exactly one wrapping module.
    static func cLibrary(_ name: String, pkgConfig: String, package: String) -> Target {
        .systemLibrary(name: name, path: "Shared/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
    }

    /// One executable of the platform.
    static func service(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
        .executableTarget(
            name: name,
            dependencies: ["Contracts", "Postgres", "Messaging", "ServiceRuntime"] + dependencies,
            path: "Services/\(name)",
            exclude: ["README.md"],
            resources: [.embedInCode("Migrations")],
            swiftSettings: settings
        )
    }

    static func tests(
        _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource]? = nil
    ) -> Target {
        .testTarget(
            name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude, resources: resources,
            swiftSettings: settings)
    }
}

let package = Package(
    name: "voelgoed-events",
    platforms: [.macOS(.v15)],
    products: [
        // The operator's tool; the services' executables carry their own names.
        .executable(name: "voelgoed", targets: ["Operator"]),
        // What the micro-benchmarks measure.
        .library(name: "Contracts", targets: ["Contracts"]),
        .library(name: "Postgres", targets: ["Postgres"]),
        .library(name: "TicketCode", targets: ["TicketCode"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C libraries of the distribution.
        .cLibrary("CRabbitMQ", pkgConfig: "librabbitmq", package: "librabbitmq-dev"),
        .cLibrary("CPostgres", pkgConfig: "libpq", package: "libpq-dev"),
        .cLibrary("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
        .cLibrary("CPango", pkgConfig: "pangocairo", package: "libpango1.0-dev"),
        .cLibrary("CQRencode", pkgConfig: "libqrencode", package: "libqrencode-dev"),
        .cLibrary("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),

        // Shared layers, lowest first.
        .shared("Contracts"),
        .shared("SerialQueueExecutor"),
        .shared("AMQP", ["CRabbitMQ", "SerialQueueExecutor", logging]),
        .shared("Postgres", ["CPostgres", "SerialQueueExecutor", logging]),
        .shared("Curl", ["CCurl"]),
        .shared("TicketCode", [crypto]),
        .shared("TicketDocuments", ["CPango", "CQRencode", "CZlib"]),
        .shared("Messaging", ["Contracts", "AMQP", "Postgres", logging, metrics]),
        .shared(
            "ServiceRuntime",
            [
                "Contracts", "AMQP", "Postgres", "Messaging", configuration, hummingbird, logging, metrics,
                serviceLifecycle, unixSignals,
            ]),

        // One executable per domain cluster.
        .service("Gateway", ["AMQP", hummingbird, crypto, logging, metrics]),
        .service("Ticketing", ["TicketCode", crypto]),
        .service("Payments", [serviceLifecycle, logging]),
        .service("Scanning", ["TicketCode"]),
        .service("Notifications", ["Curl", "SerialQueueExecutor", "TicketDocuments", crypto, mustache, logging]),
        .service("Analytics"),
        .service("Coordinator", [metrics]),
        .executableTarget(
            name: "Operator",
            dependencies: ["Contracts", "AMQP", "Postgres", "Messaging", "Curl", argumentParser, logging],
            path: "Services/Operator", exclude: ["README.md"], swiftSettings: settings),

        // What tests share: private servers, databases of a test's own, fixed moments.
        .target(
            name: "TestSupport",
            dependencies: ["AMQP", "Contracts", "Messaging", "Postgres", logging],
            path: "Tests/TestSupport", swiftSettings: settings),

        // The fault campaign: an executable, because it goes on for as long as it is told to; deploy/faults runs it.
        .executableTarget(
            name: "Faults", dependencies: ["Contracts", "Postgres", argumentParser, logging], path: "Tests/Faults",
            swiftSettings: settings),

        // One suite per module, without servers where none are needed.
        .tests("AMQPTests", ["AMQP"]),
        .tests("AMQPConformanceTests", ["AMQP", "TestSupport", logging]),
        .tests("ContractsTests", ["Contracts"], exclude: ["Golden"]),
        .tests("CurlTests", ["Curl"], resources: [.embedInCode("Servers")]),
        .tests("PostgresTests", ["Postgres", "TestSupport", logging]),
        .tests("TicketCodeTests", ["TicketCode"], resources: [.embedInCode("Vectors")]),
        .tests("TicketDocumentsTests", ["TicketDocuments"]),
        .tests("MessagingIntegrationTests", ["AMQP", "Contracts", "Messaging", "Postgres", "TestSupport", logging]),
        .tests(
            "ServiceRuntimeTests",
            [
                "Contracts", "Messaging", "ServiceRuntime", "TestSupport", configuration, logging, metrics,
                serviceLifecycle,
            ]),
        .tests("CoordinatorTests", ["Contracts", "Coordinator"]),
        .tests("CoordinatorIntegrationTests", ["Contracts", "Coordinator", "Messaging", "Postgres", "TestSupport"]),
        .tests(
            "GatewayTests",
            [
                "Contracts", "Gateway", "Messaging", "Postgres", "ServiceRuntime", "TestSupport", configuration,
                hummingbird,
                logging, serviceLifecycle,
            ]),
        .tests("NotificationsTests", ["Contracts", "Curl", "Notifications", logging]),
        .tests(
            "NotificationsIntegrationTests",
            ["AMQP", "Contracts", "Curl", "Messaging", "Notifications", "Postgres", "TestSupport", logging],
            resources: [.embedInCode("Servers")]),
        .tests("PaymentsTests", ["Contracts", "Payments", "TestSupport"]),
        .tests("PaymentsIntegrationTests", ["Contracts", "Payments", "Messaging", "Postgres", "TestSupport", logging]),
        .tests("ScanningTests", ["Contracts", "Scanning"]),
        .tests(
            "ScanningIntegrationTests",
            ["Contracts", "Scanning", "Messaging", "Postgres", "TestSupport", "TicketCode"]),
        .tests("AnalyticsIntegrationTests", ["Analytics", "Contracts", "Messaging", "Postgres", "TestSupport"]),
        .tests("TicketingTests", ["Contracts", "Ticketing"]),
        .tests(
            "TicketingIntegrationTests",
            ["Contracts", "Ticketing", "Messaging", "Postgres", "TestSupport", "TicketCode"]),
        .tests("OperatorTests", ["AMQP", "Contracts", "Messaging", "Operator", "Postgres", "TestSupport", logging]),

        // The whole: what all services together must accept, how the code is layered, and real processes.
        .tests(
            "PlatformTests",
            [
                "Analytics", "Contracts", "Coordinator", "Gateway", "Messaging", "Notifications", "Payments",
                "Scanning",
                "ServiceRuntime", "Ticketing",
            ]),
        .tests("StyleTests", []),
        // All services in one process, with everything failing that can fail.
        .tests(
            "SimulationTests",
            [
                "AMQP", "Analytics", "Contracts", "Coordinator", "Curl", "Gateway", "Messaging", "Notifications",
                "Operator", "Payments", "Postgres", "Scanning", "ServiceRuntime", "TestSupport", "Ticketing",
                configuration, crypto, logging,
            ]),
        .tests("EndToEndTests", ["Contracts", hummingbird, logging]),
        .tests("FaultsTests", ["Faults"]),
    ]
)
