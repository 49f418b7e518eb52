import Foundation
import Testing

/// No container engine runs in the tests: this holds the containers' descriptions to the package instead.
@Suite("Deployment files")
struct DeploymentTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOf: Source.checkout.appending(path: path), encoding: .utf8)
    }

    private var services: [String] { LayeringTests.services.filter { $0 != "Operator" } }

    @Test("docker-compose.yml runs every executable of the package")
    func composeHasEveryService() throws {
        let compose = try text("docker-compose.yml")
        for service in services {
            #expect(
                compose.contains("\n  \(service.lowercased()):"),
                "docker-compose.yml has no service \(service.lowercased())")
        }
    }

    @Test("deploy/services.tsv names every executable")
    func tableHasEveryService() throws {
        let table = try text("deploy/services.tsv")
        for service in services { #expect(table.contains("\(service.lowercased())\t\(service)\n")) }
    }
}
