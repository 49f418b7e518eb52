import Contracts
import ServiceRuntime

@main
struct Scanning {
    static func main() async {
        await ServiceProcess.run(.scanning, build: buildScanning)
    }
}
