import Foundation

extension AMQPConfiguration {
    /// Reads `amqp://user:password@host:port/vhost` or `amqps://…` (RabbitMQ URI specification), extended by a comma
    /// separated list of hosts: `amqp://user:password@one:5672,two,[::1]:5673/vhost`.
    ///
    /// User name, password and virtual host are percent-decoded. Without a path, and with the path `/`, the virtual host
    /// is `/` (the specification reads the path `/` as the empty name, which no broker has by default). The port
    /// defaults to 5672, and to 5671 for `amqps`.
    ///
    /// - Throws: ``AMQPError/Code/invalidConfiguration``. The error never repeats the URL, which holds a password.
    public init(url: String, connectionName: String = "voelgoed") throws(AMQPError) {
        let tls: AMQPTLS?
        let remainder: Substring
        if url.hasPrefix("amqp://") {
            tls = nil
            remainder = url.dropFirst("amqp://".count)
        } else if url.hasPrefix("amqps://") {
            tls = AMQPTLS()
            remainder = url.dropFirst("amqps://".count)
        } else {
            throw AMQPError(.invalidConfiguration, "the broker URL must start with amqp:// or amqps://")
        }
        guard !remainder.contains("?"), !remainder.contains("#") else {
            throw AMQPError(.invalidConfiguration, "the broker URL must not have a query or a fragment")
        }

        let pathStart = remainder.firstIndex(of: "/")
        let authority = remainder[..<(pathStart ?? remainder.endIndex)]
        var virtualHost = "/"
        if let pathStart, remainder.index(after: pathStart) < remainder.endIndex {
            virtualHost = try Self.decode(remainder[remainder.index(after: pathStart)...], "virtual host")
        }
        let (username, password, hosts) = try Self.splitAuthority(authority)

        var endpoints: [AMQPEndpoint] = []
        for host in hosts.split(separator: ",", omittingEmptySubsequences: false) {
            endpoints.append(try Self.endpoint(host, defaultPort: tls == nil ? 5672 : 5671))
        }
        self.init(
            endpoints: endpoints, username: username, password: password, virtualHost: virtualHost, tls: tls,
            connectionName: connectionName)
    }

    private static func splitAuthority(
        _ authority: Substring
    ) throws(AMQPError) -> (username: String, password: String, hosts: Substring) {
        guard let at = authority.lastIndex(of: "@") else {
            return ("guest", "guest", authority)
        }
        let credentials = authority[..<at]
        let hosts = authority[authority.index(after: at)...]
        guard let colon = credentials.firstIndex(of: ":") else {
            throw AMQPError(.invalidConfiguration, "the broker URL has a user name without a password")
        }
        let username = try decode(credentials[..<colon], "user name")
        let password = try decode(credentials[credentials.index(after: colon)...], "password")
        return (username, password, hosts)
    }

    private static func endpoint(_ text: Substring, defaultPort: UInt16) throws(AMQPError) -> AMQPEndpoint {
        var host = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else {
                throw AMQPError(.invalidConfiguration, "the broker URL has an address with an open bracket")
            }
            host = text[text.index(after: text.startIndex)..<bracket]
            let rest = text[text.index(after: bracket)...]
            guard rest.isEmpty || rest.hasPrefix(":") else {
                throw AMQPError(.invalidConfiguration, "the broker URL has text after an address in brackets")
            }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty else {
            throw AMQPError(.invalidConfiguration, "the broker URL has an empty host name")
        }
        guard let port else {
            return AMQPEndpoint(host: String(host), port: defaultPort)
        }
        guard let number = UInt16(port), number > 0 else {
            throw AMQPError(.invalidConfiguration, "the broker URL has a port that is not a number from 1 to 65535")
        }
        return AMQPEndpoint(host: String(host), port: number)
    }

    private static func decode(_ text: Substring, _ part: String) throws(AMQPError) -> String {
        guard let decoded = String(text).removingPercentEncoding else {
            throw AMQPError(.invalidConfiguration, "the broker URL has a \(part) with broken percent-encoding")
        }
        return decoded
    }
}
