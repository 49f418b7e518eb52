import Contracts
import ServiceRuntime

@main
struct Analytics {
    static func main() async {
        await ServiceProcess.run(.analytics, build: buildAnalytics)
    }
}
