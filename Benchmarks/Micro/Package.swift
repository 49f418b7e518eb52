// swift-tools-version: 6.2
// The parts that matter, measured one by one. Apart from the load generator, which needs nothing of the platform.

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "voelgoed-micro-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "voelgoed-events", path: "../.."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        // Sources/Micro/CoordinatorDomain is a link to the Coordinator's sagas: an executable cannot be imported.
        .executableTarget(
            name: "Micro",
            dependencies: [
                .product(name: "Contracts", package: "voelgoed-events"),
                .product(name: "Postgres", package: "voelgoed-events"),
                .product(name: "TicketCode", package: "voelgoed-events"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings)
    ]
)
