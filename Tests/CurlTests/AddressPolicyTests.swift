import Foundation
import Testing

@testable import Curl

@Suite("The address policy")
struct AddressPolicyTests {
    @Test(
        "Public addresses are allowed",
        arguments: [
            "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
            "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0",
            "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
            "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255",
            "2001:200::1", "2001:4860:4860::8888", "2001:db7:ffff::1", "2001:db9::1", "2003::1", "2606:4700::1111",
            "2a00:1450:4001::1", "3ffe:ffff::1", "::ffff:8.8.8.8",
        ])
    func publicAddresses(text: String) throws {
        #expect(AddressPolicy.publicInternet.allows(try bytes(text)))
        #expect(AddressPolicy.publicInternetAndLoopback.allows(try bytes(text)))
    }

    @Test(
        "Addresses of special purpose are denied, with and without the switch for loopback",
        arguments: [
            "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "169.254.0.0",
            "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.0", "192.0.0.255", "192.0.2.1", "192.88.99.1",
            "192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.1", "203.0.113.255",
            "224.0.0.1", "239.255.255.255", "240.0.0.0", "255.255.255.255",
            "::", "::2", "::7f00:1", "::808:808", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:1ff::1", "2001:db8::1", "2001:db8:ffff::1", "2002:7f00:1::",
            "2002::1", "3fff::1", "3fff:fff::1", "5f00::1", "4000::1", "fc00::1", "fd12:3456::1", "fe80::1",
            "febf::1", "fec0::1", "ff02::1", "ffff::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:7f00:1",
        ])
    func deniedAddresses(text: String) throws {
        #expect(!AddressPolicy.publicInternet.allows(try bytes(text)))
        #expect(!AddressPolicy.publicInternetAndLoopback.allows(try bytes(text)))
    }

    @Test(
        "Loopback addresses are allowed only by the switch",
        arguments: ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"])
    func loopback(text: String) throws {
        #expect(!AddressPolicy.publicInternet.allows(try bytes(text)))
        #expect(AddressPolicy.publicInternetAndLoopback.allows(try bytes(text)))
    }

    @Test("Bytes that are no address are denied", arguments: [0, 1, 3, 5, 12, 15, 17, 32])
    func wrongLengths(count: Int) {
        #expect(!AddressPolicy.publicInternetAndLoopback.allows(Array(repeating: 8, count: count)))
    }

    @Test("Only the chosen ports are allowed")
    func ports() {
        let usual = AddressPolicy.publicInternet
        #expect([80, 443, 1024, 8080, 65535].allSatisfy(usual.allows(port:)))
        #expect(![0, -1, 22, 25, 79, 81, 444, 1023, 65536].contains(where: usual.allows(port:)))
        let web = AddressPolicy(ports: .web)
        #expect(web.allows(port: 443) && !web.allows(port: 8080))
        let chosen = AddressPolicy(ports: .only([8443]))
        #expect(chosen.allows(port: 8443) && !chosen.allows(port: 443))
    }

    private func bytes(_ text: String) throws -> [UInt8] {
        if text.contains(":") {
            var address = [UInt8](repeating: 0, count: 16)
            try #require(inet_pton(AF_INET6, text, &address) == 1)
            return address
        }
        var address = [UInt8](repeating: 0, count: 4)
        try #require(inet_pton(AF_INET, text, &address) == 1)
        return address
    }
}
