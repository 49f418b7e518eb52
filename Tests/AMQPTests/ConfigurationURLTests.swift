import Testing

@testable import AMQP

@Suite("Broker URL")
struct ConfigurationURLTests {
    @Test("A full URL gives endpoint, credentials and virtual host, percent-decoded")
    func fullURL() throws {
        let configuration = try AMQPConfiguration(url: "amqp://us%40er:p%3Aw%2F@broker:5673/tickets%2Flive")
        #expect(configuration.endpoints == [AMQPEndpoint(host: "broker", port: 5673)])
        #expect(configuration.username == "us@er")
        #expect(configuration.password == "p:w/")
        #expect(configuration.virtualHost == "tickets/live")
        #expect(configuration.tls == nil)
    }

    @Test("Several hosts keep their order, with default ports and IPv6 addresses")
    func severalHosts() throws {
        let configuration = try AMQPConfiguration(url: "amqp://u:p@one,two:5999,[::1]:5673,[::2]")
        #expect(
            configuration.endpoints == [
                AMQPEndpoint(host: "one", port: 5672), AMQPEndpoint(host: "two", port: 5999),
                AMQPEndpoint(host: "::1", port: 5673), AMQPEndpoint(host: "::2", port: 5672),
            ])
        #expect(configuration.endpoints[2].description == "[::1]:5673")
    }

    @Test("A silent broker is given up sooner where there are other nodes to go to")
    func silence() throws {
        let single = try AMQPConfiguration(url: "amqp://one")
        #expect(single.heartbeat == .seconds(10))
        #expect(single.silenceLimit(heartbeat: single.heartbeat) == .seconds(20))
        #expect(single.connectTimeout == .seconds(10))
        let cluster = try AMQPConfiguration(url: "amqp://one,two,three")
        #expect(cluster.heartbeat == .seconds(2))
        #expect(cluster.silenceLimit(heartbeat: cluster.heartbeat) == .milliseconds(2500))
        #expect(cluster.connectTimeout == .seconds(3))
    }

    @Test("amqps switches TLS on and changes the default port")
    func secureURL() throws {
        let configuration = try AMQPConfiguration(url: "amqps://u:p@broker/v")
        #expect(configuration.tls == AMQPTLS())
        #expect(configuration.endpoints == [AMQPEndpoint(host: "broker", port: 5671)])
    }

    @Test("A missing and an empty path mean the default virtual host", arguments: ["amqp://h", "amqp://h/"])
    func defaultVirtualHost(url: String) throws {
        let configuration = try AMQPConfiguration(url: url)
        #expect(configuration.virtualHost == "/")
        #expect(configuration.username == "guest")
    }

    @Test(
        "A wrong URL is refused without repeating its password",
        arguments: [
            "http://u:secret@h", "amqp://u:secret@", "amqp://u:secret@h:0", "amqp://u:secret@h:70000",
            "amqp://u:secret@h:x", "amqp://u:secret@h,,i", "amqp://u:secret@[::1", "amqp://u:secret@[::1]x",
            "amqp://u:secret%zz@h", "amqp://secret@h", "amqp://u:secret@h/v?heartbeat=5", "",
        ])
    func wrongURL(url: String) {
        let error = #expect(throws: AMQPError.self) { try AMQPConfiguration(url: url) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.description.contains("secret") == false)
    }

    @Test("A configuration that cannot work is refused")
    func validation() throws {
        var configuration = try AMQPConfiguration(url: "amqp://h")
        try configuration.validate()
        configuration.tls = AMQPTLS(clientCertificateFile: "/c.pem")
        #expect(throws: AMQPError.self) { try configuration.validate() }
        configuration.tls = nil
        configuration.publishTimeout = .zero
        #expect(throws: AMQPError.self) { try configuration.validate() }
        configuration.publishTimeout = .seconds(1)
        configuration.endpoints = []
        #expect(throws: AMQPError.self) { try configuration.validate() }
    }
}
