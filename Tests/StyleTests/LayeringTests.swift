import Foundation
import Testing

/// The walls between the rooms (design, section 9): who may import what.
@Suite("Layering")
struct LayeringTests {
    static let services = [
        "Analytics", "Coordinator", "Gateway", "Notifications", "Operator", "Payments", "Scanning", "Ticketing",
    ]

    @Test("A service's Domain knows only Foundation and the contracts")
    func domainIsPure() throws {
        let allowed: Set<String> = ["Foundation", "Contracts"]
        for file in try Source.files(below: "Services").filter({ $0.path.contains("/Domain/") }) {
            let foreign = Set(file.imports).subtracting(allowed)
            #expect(foreign.isEmpty, "\(file.name): error: Domain imports \(foreign.sorted())")
        }
    }

    @Test("Services never import each other")
    func servicesAreApart() throws {
        for file in try Source.files(below: "Services") + Source.files(below: "Shared") {
            let others = Set(file.imports).intersection(Self.services)
            #expect(others.isEmpty, "\(file.name): error: imports the service \(others.sorted())")
        }
    }

    @Test(
        "Each C library has one importer",
        arguments: [
            ("CRabbitMQ", "Shared/AMQP/"), ("CPostgres", "Shared/Postgres/"), ("CCurl", "Shared/Curl/"),
            ("CPango", "Shared/TicketDocuments/"), ("CQRencode", "Shared/TicketDocuments/"),
            ("CZlib", "Shared/TicketDocuments/"),
        ])
    func cLibrariesAreWrapped(module: String, owner: String) throws {
        let files = try Source.files(below: "Services") + Source.files(below: "Shared") + Source.files(below: "Tests")
        let importers = files.filter { $0.imports.contains(module) }
        #expect(!importers.isEmpty)
        for file in importers {
            #expect(file.name.hasPrefix(owner), "\(file.name): error: only \(owner) imports \(module)")
        }
    }

    @Test("Only wiring and start-up files touch the service runtime")
    func runtimeStaysAtTheEdge() throws {
        for file in try Source.files(below: "Services") where file.imports.contains("ServiceRuntime") {
            let isEdge =
                !file.path.contains("/Domain/") && !file.path.contains("/Handlers/")
                && !file.path.contains("/Store/")
            #expect(isEdge, "\(file.name): error: handlers, stores and domain do not know who runs them")
        }
    }

    @Test("Shared layers only use the layers below them")
    func sharedIsLayered() throws {
        let allowed: [String: Set<String>] = [
            "Contracts": [], "SerialQueueExecutor": [], "AMQP": ["SerialQueueExecutor"],
            "Postgres": ["SerialQueueExecutor"], "Curl": [], "TicketCode": [], "TicketDocuments": [],
            "Messaging": ["Contracts", "AMQP", "Postgres"],
            "ServiceRuntime": ["Contracts", "AMQP", "Postgres", "Messaging"],
        ]
        for file in try Source.files(below: "Shared") {
            let layer = String(file.name.split(separator: "/")[1])
            let permitted = try #require(allowed[layer], "\(file.name): error: the layer \(layer) is not in this list")
            let foreign = Set(file.imports).intersection(allowed.keys).subtracting(permitted)
            #expect(foreign.isEmpty, "\(file.name): error: \(layer) imports \(foreign.sorted())")
        }
    }
}
