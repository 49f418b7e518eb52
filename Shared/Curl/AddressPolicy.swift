/// Which addresses and ports a request to a customer's URL may reach (OWASP: server-side request forgery).
///
/// It is asked when the socket is opened, with the address that is really connected to, so that a name which resolves
/// differently the second time (DNS rebinding) gains nothing.
public struct AddressPolicy: Sendable {
    /// Which TCP ports a URL may name.
    public enum Ports: Sendable, Equatable {
        /// 80 and 443.
        case web
        /// 80, 443 and every port from 1024 on: what a customer's own server may listen on without being root.
        case webAndUnprivileged
        /// Exactly these.
        case only(Set<Int>)
    }

    /// The allowed ports.
    public let ports: Ports

    private let allowsLoopback: Bool

    /// - Parameter allowsLoopback: Also allows 127.0.0.0/8 and ::1, and nothing else that is not public.
    public init(ports: Ports = .webAndUnprivileged, allowsLoopback: Bool = false) {
        self.ports = ports
        self.allowsLoopback = allowsLoopback
    }

    /// Only addresses of the public Internet.
    public static let publicInternet = AddressPolicy()

    /// The public Internet by the ports where web servers usually listen: for URLs that customers choose. Other ports of
    /// public addresses are those of databases, brokers and administration pages, the platform's own included.
    public static let customerServers = AddressPolicy(ports: .only([80, 443, 8080, 8443]))

    /// The public Internet and this machine, for development and tests.
    public static let publicInternetAndLoopback = AddressPolicy(allowsLoopback: true)

    /// Whether a connection to the address is allowed.
    ///
    /// - Parameter address: 4 bytes of IPv4 or 16 of IPv6 in network order; any other length is refused. An IPv4 address
    ///   mapped into IPv6 (`::ffff:0:0/96`) is judged as the IPv4 address it reaches.
    public func allows(_ address: [UInt8]) -> Bool {
        let canonical = Self.mappedPrefix.contains(address) ? Array(address.suffix(4)) : address
        guard canonical.count == 4 || canonical.count == 16 else { return false }
        if allowsLoopback, Self.loopback.contains(where: { $0.contains(canonical) }) { return true }
        return !Self.denied.contains { $0.contains(canonical) }
    }

    /// Whether a URL may name the port.
    public func allows(port: Int) -> Bool {
        switch ports {
        case .web: port == 80 || port == 443
        case .webAndUnprivileged: port == 80 || port == 443 || (1024...65535).contains(port)
        case .only(let ports): ports.contains(port)
        }
    }

    private static let mappedPrefix = AddressNetwork(
        version6: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 96)

    private static let loopback = [
        AddressNetwork(version4: [127], 8),
        AddressNetwork(version6: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 128),
    ]

    /// The IANA special-purpose address registries (RFC 6890 and its updates). In IPv6 only 2000::/3 is global unicast,
    /// so everything outside it is denied, which covers ::, ::1, 64:ff9b::/96, 100::/64, 5f00::/16, fc00::/7, fe80::/10
    /// and ff00::/8; the networks that embed IPv4 addresses (6to4, Teredo) are denied because they lead past the table.
    private static let denied = [
        AddressNetwork(version4: [0], 8),  // this network
        AddressNetwork(version4: [10], 8),  // private
        AddressNetwork(version4: [100, 64], 10),  // carrier-grade NAT
        AddressNetwork(version4: [127], 8),  // loopback
        AddressNetwork(version4: [169, 254], 16),  // link local, cloud metadata
        AddressNetwork(version4: [172, 16], 12),  // private
        AddressNetwork(version4: [192, 0, 0], 24),  // protocol assignments
        AddressNetwork(version4: [192, 0, 2], 24),  // documentation
        AddressNetwork(version4: [192, 88, 99], 24),  // 6to4 relays
        AddressNetwork(version4: [192, 168], 16),  // private
        AddressNetwork(version4: [198, 18], 15),  // benchmarking
        AddressNetwork(version4: [198, 51, 100], 24),  // documentation
        AddressNetwork(version4: [203, 0, 113], 24),  // documentation
        AddressNetwork(version4: [224], 4),  // multicast
        AddressNetwork(version4: [240], 4),  // reserved, broadcast
        AddressNetwork(version6: [0x00], 3),  // below global unicast
        AddressNetwork(version6: [0x20, 0x01], 23),  // protocol assignments, Teredo
        AddressNetwork(version6: [0x20, 0x01, 0x0d, 0xb8], 32),  // documentation
        AddressNetwork(version6: [0x20, 0x02], 16),  // 6to4
        AddressNetwork(version6: [0x3f, 0xff], 20),  // documentation
        AddressNetwork(version6: [0x40], 2),  // above global unicast
        AddressNetwork(version6: [0x80], 1),  // above global unicast
    ]
}
