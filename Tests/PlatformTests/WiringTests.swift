import Configuration
import Contracts
import Foundation
import Logging
import Messaging
import ServiceRuntime
import Testing

@testable import Analytics
@testable import Coordinator
@testable import Gateway
@testable import Notifications
@testable import Payments
@testable import Scanning
@testable import Ticketing

/// What all services together must accept, so that no message of the catalogue falls on deaf ears.
@Suite("Wiring of the platform")
struct WiringTests {
    static let builds: [(ServiceName, ServiceProcess.Build)] = [
        (.gateway, buildGateway), (.ticketing, buildTicketing), (.payments, buildPayments), (.scanning, buildScanning),
        (.notifications, buildNotifications), (.analytics, buildAnalytics), (.coordinator, buildCoordinator),
    ]

    /// Every service as it is built, without any server.
    static func assemblies() throws -> [ServiceName: ServiceAssembly] {
        var assemblies: [ServiceName: ServiceAssembly] = [:]
        for (name, build) in builds {
            let settings = ServiceSettings(
                service: name, reader: ConfigReader(provider: InMemoryProvider(values: [:])), isDocumenting: true)
            let foundation = try ServiceFoundation(settings, logger: Logger(label: "wiring"))
            assemblies[name] = try build(settings, foundation.resources)
        }
        return assemblies
    }

    /// Every service's table of contents.
    static func definitions() throws -> [ServiceName: ServiceDefinition] {
        try assemblies().mapValues(\.definition)
    }

    @Test("Every command is handled by its recipient and nobody else")
    func commands() throws {
        let definitions = try Self.definitions()
        for command in MessageCatalogue.commands {
            let handlers = definitions.filter { $0.value.messageHandlers[command.name] != nil }.map(\.key)
            #expect(handlers == [command.recipient], "\(command.name)")
        }
    }

    @Test("Every request is answered by its recipient and nobody else")
    func requests() throws {
        let definitions = try Self.definitions()
        for request in MessageCatalogue.requests {
            let answerers = definitions.filter { $0.value.requestHandlers[request.name] != nil }.map(\.key)
            #expect(answerers == [request.recipient], "\(request.name)")
        }
    }

    @Test("Every event has a subscriber: an outbox keeps what nobody takes")
    func events() throws {
        let assemblies = try Self.assemblies().values
        for event in MessageCatalogue.events {
            // What only concerns the caches of a service's processes is heard by each of them instead.
            let isTaken = assemblies.contains {
                $0.definition.messageHandlers[event.name] != nil || $0.listener?.eventNames.contains(event.name) == true
            }
            #expect(isTaken, "nobody takes \(event.name)")
        }
    }

    @Test("No service accepts a message that is not in the catalogue")
    func nothingUnknown() throws {
        let names = Set(MessageCatalogue.names)
        for (service, definition) in try Self.definitions() {
            let accepted = Set(definition.messageHandlers.keys).union(definition.requestHandlers.keys)
            #expect(accepted.isSubset(of: names), "\(service) accepts \(accepted.subtracting(names))")
        }
    }

    @Test("Every configuration key is documented")
    func settings() throws {
        for (name, build) in Self.builds {
            let entries = try ServiceProcess.settings(of: name, build: build)
            #expect(entries.contains { $0.variable == "VOELGOED_DATABASE_URL" })
            for entry in entries { #expect(entry.documentation.count > 10, "\(name): \(entry.variable)") }
        }
    }

    @Test("Every variable that compose and the scripts give a service is one that a service reads")
    func variablesAreRead() throws {
        var known: Set<String> = []
        for (name, build) in Self.builds {
            known.formUnion(try ServiceProcess.settings(of: name, build: build).map(\.variable))
        }
        // Ports of the host, and the number of a process, which only tells processes apart in lists.
        known.formUnion(["VOELGOED_INSTANCE", "VOELGOED_GATEWAY_PORT"])
        // The operator's tool.
        known.formUnion(["GATEWAY_URL", "CREDENTIALS", "PLAN", "RABBITMQ_MANAGEMENT_URL"].map { "VOELGOED_\($0)" })
        // The operator's tool reads one database of each service.
        for service in ServiceName.allCases.map(\.rawValue) + ["sandbox_provider"] {
            known.formUnion(["URL", "OWNER_URL"].map { "VOELGOED_\(service.uppercased())_DATABASE_\($0)" })
        }
        let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        for (file, ending) in [("docker-compose.yml", ":"), ("deploy/lib/environment.sh", "=")] {
            let text = try String(contentsOf: checkout.appending(path: file), encoding: .utf8)
            let names = text.split(separator: "\n").compactMap { line -> String? in
                let line = line.trimmingCharacters(in: .whitespaces)
                guard line.hasPrefix("VOELGOED_"), let end = line.range(of: ending) else { return nil }
                return String(line[..<end.lowerBound])
            }
            #expect(names.count > 5)
            for name in names { #expect(known.contains(name), "\(file): error: nothing reads \(name)") }
        }
    }
}
