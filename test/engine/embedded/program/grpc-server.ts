import { Server, ServerCredentials, type ServiceDefinition, type ServiceError, status } from "@grpc/grpc-js";
import { type UntypedServiceImplementation } from "@grpc/grpc-js";
import { messageOf } from "../display/message-of";

export const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

export class GrpcServer {
  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  static async start(services: readonly Service[] = []): Promise<GrpcServer> {
    const server = new Server(unlimited);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
    const started = new GrpcServer(server, `127.0.0.1:${port}`);
    for (const service of services) started.add(service);
    return started;
  }

  add({ definition, implementation }: Service): void {
    this.server.addService(definition, implementation);
  }

  stop(): void {
    this.server.forceShutdown();
  }

  async end(): Promise<void> {
    this.stop();
    await new Promise<void>((resolve) => {
      this.server.tryShutdown(() => {
        resolve();
      });
    });
  }
}

export interface Service {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

/** Makes a unary gRPC method from an async function. An exception becomes the error of the call. */
export function unary<Request, Response>(answer: (request: Request) => Promise<Response> | Response) {
  return (
    call: { readonly request: Request },
    done: (error: Partial<ServiceError> | null, response?: Response) => void,
  ) => {
    Promise.resolve()
      .then(() => answer(call.request))
      .then(
        (response) => {
          done(null, response);
        },
        (error: unknown) => {
          done({ code: error instanceof RpcError ? error.code : status.UNKNOWN, details: messageOf(error) });
        },
      );
  };
}

export class RpcError extends Error {
  constructor(
    readonly code: status,
    message: string,
  ) {
    super(message);
  }
}
