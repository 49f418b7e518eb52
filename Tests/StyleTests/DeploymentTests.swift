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

    @Test("The one Dockerfile makes an image of any executable, and compose asks it for each of the package's")
    func imagesOfEveryExecutable() throws {
        let dockerfile = try text("deploy/Dockerfile")
        #expect(dockerfile.contains("\nARG SERVICE\n"))
        let compose = try text("docker-compose.yml")
        for executable in services + ["voelgoed"] {
            #expect(compose.contains("SERVICE: \(executable)\n"), "docker-compose.yml builds no \(executable)")
        }
        let manifest = try text("Package.swift")
        for service in services { #expect(manifest.contains(".service(\"\(service)\"")) }
        #expect(manifest.contains(".executable(name: \"voelgoed\""))
    }

    @Test("The ports of compose, image and Prometheus are the same")
    func portsAgree() throws {
        let compose = try text("docker-compose.yml")
        #expect(compose.contains("VOELGOED_HEALTH_PORT: \"9100\""))
        #expect(try text("deploy/Dockerfile").contains("VOELGOED_HEALTH_PORT=9100"))
        let prometheus = try text("deploy/prometheus/prometheus.yml")
        #expect(prometheus.contains("port: 9100"))
        for service in services { #expect(prometheus.contains(service.lowercased()), "\(service) is not scraped") }
        #expect(compose.contains("VOELGOED_HTTP_PORT: \"8080\""))
        #expect(compose.contains(":8080\"\n"), "the gateway's port is not published")
    }

    @Test("The development defaults of compose are long enough for the gateway to accept")
    func defaultsAreAccepted() throws {
        let lines = try text("docker-compose.yml").split(separator: "\n").filter {
            $0.contains("VOELGOED_PLATFORM_KEY:")
        }
        #expect(!lines.isEmpty)
        for line in lines {
            let value = try #require(line.split(separator: ":-").last?.dropLast())
            #expect(value.count >= 32, "the gateway wants 32 characters or more: \(value)")
        }
    }
}
