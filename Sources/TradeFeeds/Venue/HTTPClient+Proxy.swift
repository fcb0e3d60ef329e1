import AsyncHTTPClient
import Synchronization

extension HTTPClient {
    private static let proxied = Mutex<[ProxySettings.Proxy: HTTPClient]>([:])

    /// The shared client for a proxy, or for direct connections. It is never shut down, like `HTTPClient.shared`.
    static func shared(by proxy: ProxySettings.Proxy?) -> HTTPClient {
        guard let proxy else { return .shared }
        return proxied.withLock { clients in
            if let client = clients[proxy] { return client }
            var configuration = HTTPClient.Configuration.singletonConfiguration
            configuration.proxy = .server(
                host: proxy.host,
                port: proxy.port,
                authorization: proxy.credentials.map { .basic(credentials: $0) }
            )
            let client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
            clients[proxy] = client
            return client
        }
    }
}
