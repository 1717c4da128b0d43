/** A cause that Docker, Compose or a registry names in its own words. */
export interface DockerCause {
  readonly code: string;
  /** The words, from the programs themselves (test/core/logs/README.md) or as people reported them. */
  readonly text: RegExp;
  /** Only a command that pulls can mean this by it. */
  readonly pulling?: true;
  /** The words themselves tell a person no more than what stands here. */
  readonly clear?: true;
  readonly what: string;
  readonly why: string;
  readonly advice: string;
}

/** `{system}` is the Compose service, `{image}` its image, `{1}` the first group of `text`. */
export const dockerCauses: readonly DockerCause[] = [
  {
    code: 'DOCKER_PERMISSION',
    text: /permission denied while trying to connect/i,
    what: 'Docker refuses this user.',
    why: 'The user of this job may not open the Docker socket.',
    advice: 'Add the user to the group `docker`, or run the job as one who may.',
  },
  {
    code: 'DOCKER_UNAVAILABLE',
    text: /(?:cannot|failed to) connect to the docker (?:daemon|api)|error during connect|dial unix/i,
    what: 'No Docker Engine answers.',
    why: 'It is not installed, not running, or DOCKER_HOST names another place.',
    advice:
      'Use a runner with Docker (GitHub’s ubuntu runners have it), start the engine, or set DOCKER_HOST.',
  },
  {
    code: 'DOCKER_INCOMPATIBLE',
    text: /client version .* is too (?:old|new)/i,
    what: 'This Docker client and engine do not understand each other.',
    why: 'Their API versions are too far apart.',
    advice: 'Update the older of the two; the engine must speak API 1.43 or later.',
  },
  {
    code: 'PORT_TAKEN',
    text: /Bind for (\S+) failed: port is already allocated|listen tcp\d? (\S+): bind: address already in use|failed to bind host port (?:for )?((?:\[[^\]]*\]|[\d.]+):\d+)\S* address already in use/i,
    clear: true,
    what: '{system} cannot have its port {1}.',
    why: 'Another process or container on this machine uses it.',
    advice: 'Stop the other one, or set `ports: dynamic` so that free ports are chosen.',
  },
  {
    code: 'ADDRESS_UNAVAILABLE',
    text: /failed to bind host port (?:for )?((?:\[[^\]]*\]|[\d.]+):\d+)\S* cannot assign requested address/i,
    clear: true,
    what: '{system} cannot be published at {1}.',
    why: 'That address is none of this machine’s.',
    advice: 'Set `bind-address`, or the address under `ports`, to one that it has; it always has 127.0.0.1.',
  },
  {
    code: 'MOUNT_FAILED',
    text: /bind source path does not exist: (\S+)|error mounting "([^"]+)" to rootfs/i,
    what: '{system} cannot have its mount of {1}.',
    why: 'There is nothing at that path, or a folder where a file has to be, or the other way round.',
    advice:
      'Check the repository out before this step, and correct the path under `volumes`: it is relative to the Compose file’s folder.',
  },
  {
    code: 'COMMAND_NOT_FOUND',
    text: /exec: "([^"]+)": (?:stat [^:]+: no such file or directory|executable file not found|permission denied)/i,
    clear: true,
    what: '{system} cannot run its command {1}.',
    why: 'Its image has no such program, or it may not be executed.',
    advice: 'Correct `entrypoint`, `command` or the image of {system}.',
  },
  {
    code: 'EXTERNAL_MISSING',
    text: /(network \S+) declared as external, but could not be found|external (volume "[^"]+") not found/i,
    clear: true,
    what: 'The {1} does not exist.',
    why: 'A Compose file says that it is made elsewhere (`external: true`), and nothing has made it.',
    advice: 'Create it in a step before this one, or take `external` out, so that it belongs to this stack.',
  },
  {
    code: 'PULL_RATE_LIMITED',
    text: /toomanyrequests|429 Too Many Requests|pull rate limit/i,
    pulling: true,
    what: 'The registry refuses more pulls of {image} for now.',
    why: 'Its limit for this address or account is used up.',
    advice: 'Log in before this step (docker/login-action), or set `registry-mirror`.',
  },
  {
    code: 'PLATFORM_UNSUPPORTED',
    text: /no matching manifest for (\S+)|does not (?:match|provide) the specified platform|exec format error/i,
    what: '{image} does not exist for this machine’s architecture.',
    why: 'The image was not built for it.',
    advice: 'Choose another tag through `images`, or a runner of another architecture.',
  },
  {
    code: 'PULL_NOT_FOUND',
    text: /manifest unknown|manifest for .* not found|failed to resolve (?:reference|source metadata) .*not found|name unknown/i,
    pulling: true,
    what: '{image} does not exist in its registry.',
    why: 'The name or tag is wrong, or the tag was removed.',
    advice: 'Correct it under `images` or in the Compose file.',
  },
  {
    code: 'PULL_DENIED',
    text: /pull access denied|unauthorized|no basic auth credentials|denied: requested access|daemon: denied|denied: denied/i,
    pulling: true,
    what: 'The registry does not give out {image}.',
    why: 'The image is private, or does not exist: registries do not tell strangers which.',
    advice: 'Log in before this step (docker/login-action), and check the name.',
  },
  {
    code: 'IMAGE_NAME_INVALID',
    text: /invalid reference format/i,
    what: '{image} is no name of an image.',
    why: 'A name is in small letters and has a tag or none; a variable in it may be empty.',
    advice: 'Correct it under `images` or in the Compose file, such as `ghcr.io/acme/orders:1.2`.',
  },
  {
    code: 'DISK_FULL',
    text: /no space left on device/i,
    what: 'The disk is full.',
    why: 'Images, volumes and the checkout need more than is left.',
    advice: 'Choose fewer services, remove unused files first, or use a larger runner.',
  },
  {
    code: 'NETWORK_EXHAUSTED',
    text: /all predefined address pools have been fully subnetted|non-overlapping IPv4 address pool/i,
    what: 'Docker has no subnet left for another network.',
    why: 'Networks of earlier runs are still there.',
    advice: 'Remove unused ones with `docker network prune`.',
  },
  {
    code: 'COMPOSE_CYCLE',
    text: /dependency cycle detected: (.*)/i,
    clear: true,
    what: 'Services depend on each other in a circle: {1}.',
    why: 'None of them could ever start first.',
    advice: 'Remove one `depends_on` of the circle.',
  },
  {
    code: 'BUILD_FAILED',
    text: /failed to solve: (process .*)/i,
    clear: true,
    what: 'An image of your own could not be built.',
    why: 'A step of its Dockerfile failed: {1}.',
    advice: 'Correct the Dockerfile, and try it with `docker compose build`.',
  },
  {
    code: 'PULL_NETWORK',
    text: /TLS handshake timeout|i\/o timeout|Client\.Timeout exceeded|\bEOF\b|connection reset|no such host|server misbehaving|\b50[0234] |context deadline exceeded|connection refused|connection timed out|broken pipe|network is unreachable|no route to host/i,
    pulling: true,
    what: '{image} could not be pulled.',
    why: 'The connection to the registry failed.',
    advice: 'Run the job again; if it stays so, check the network, or set `registry-mirror`.',
  },
];
