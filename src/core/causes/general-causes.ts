import type { KnownCause } from '../catalogue/catalogue.ts';

/** A cause that any program may have. */
export interface GeneralCause extends KnownCause {
  /** Its words also stand in logs of programs that go on and do well, so it explains only one that has ended. */
  readonly ended?: true;
}

/**
 * Words that operating systems, runtimes and libraries put into any program's log; the most telling cause comes first.
 * Each is tested with the output of a real program: test/core/logs/README.md.
 */
export const generalCauses: readonly GeneralCause[] = [
  {
    code: 'PROCESS_LIMIT',
    log: /unable to create (?:new )?native thread|pthread_create failed|failed to create new OS thread|fork: .*resource temporarily unavailable/i,
    why: 'It may not start as many processes and threads as it needs.',
    advice: 'Raise `pids_limit` or `ulimits: nproc` of {system}, or choose fewer services.',
  },
  {
    code: 'DISK_FULL',
    log: /no space left on device|database or disk is full|disk quota exceeded|\bENOSPC\b/i,
    why: 'The disk is full, or the volume or tmpfs that it writes to has reached its size.',
    advice:
      'Choose fewer services, remove unused files and images before this step, raise the `size` of a tmpfs, or use a larger runner.',
  },
  {
    code: 'SERVICE_OUT_OF_MEMORY',
    log: /java\.lang\.OutOfMemoryError|fatal error: (?:runtime: )?(?:out of memory|cannot allocate|failed to reserve)|out of memory allocating \d|JavaScript heap out of memory|std::bad_alloc|cannot allocate memory/i,
    why: 'The program has used up the memory that it may use: its heap, or a limit of its process.',
    advice:
      'Give {system} a larger heap (JVM: `-Xmx`, Node.js: `--max-old-space-size`), and a memory limit above that.',
  },
  {
    code: 'JVM_OPTIONS',
    log: /unrecognized (?:VM option|option: -)|could not reserve enough space|initial heap size set to a larger value|invalid (?:initial|maximum) heap size|conflicting collector combinations/i,
    why: 'Its Java does not start with the options that it is given.',
    advice:
      'Correct the option in the environment of {system} (`JAVA_OPTS`, `JAVA_TOOL_OPTIONS` or what its image calls them): it must fit the version of Java and the memory that is there.',
  },
  {
    code: 'JAVA_VERSION',
    log: /UnsupportedClassVersionError/,
    why: 'It was compiled for a newer Java than the one in its image.',
    advice:
      'Use an image with the Java that it was compiled for, or compile for the older one (`--release`).',
  },
  {
    code: 'PLATFORM_UNSUPPORTED',
    log: /exec format error|cannot execute binary file/i,
    why: 'Its program is for another architecture than this machine’s, or is a script without a `#!` line.',
    advice: 'Use an image for this architecture, or a runner of the image’s. A script must begin with `#!`.',
  },
  {
    code: 'CPU_UNSUPPORTED',
    log: /illegal instruction|CPU does not support x86-64-v\d/i,
    why: 'Its program uses instructions that this CPU does not have.',
    advice: 'Choose an older version through `images`, or a runner with a newer CPU.',
  },
  {
    code: 'CPU_UNSUPPORTED',
    exitCodes: [132],
    why: 'It used an instruction that this CPU does not have (SIGILL).',
    advice: 'Choose an older version through `images`, or a runner with a newer CPU.',
  },
  {
    code: 'FILES_LIMIT',
    log: /too many open files|\bEMFILE\b/i,
    why: 'It may not open as many files and connections as it needs.',
    advice: 'Raise `ulimits: nofile` of {system}.',
  },
  {
    code: 'LISTEN_PORT_TAKEN',
    log: /address already in use|\bEADDRINUSE\b|port \d+ was already in use/i,
    why: 'Inside its container, or on the host with `network_mode: host`, something already listens on its port.',
    advice:
      'Give each listener of {system} a port of its own, and start the program only once in the container.',
  },
  {
    code: 'CONFIG_INVALID',
    log: /field \S+ (?:not found|already set) in type|cannot unmarshal|yaml: (?:line \d|unmarshal)|unknown (?:long )?(?:flag|option)|unrecogni[sz]ed (?:option|argument)|flag provided but not defined|parsing command line/i,
    quote:
      /field \S+ (?:not found|already set) in type|cannot unmarshal|yaml: line \d|unknown (?:long )?(?:flag|option)|unrecogni[sz]ed (?:option|argument)|flag provided but not defined/i,
    why: 'Its configuration or its command line has something that it does not know.',
    advice: 'Correct the file or the option; it may belong to another version of {system}.',
  },
  {
    code: 'VARIABLE_MISSING',
    ended: true,
    log: /\b[A-Z][A-Z0-9]*_[A-Z0-9_]+["'`]? (?:is required|must be (?:set|specified|given)|is not set|is missing|is undefined)|: unbound variable|: parameter (?:null or )?not set|could not resolve placeholder|missing (?:required )?(?:environment variable|["'`]?[A-Z][A-Z0-9]*_[A-Z0-9_]+)|dub ensure\S* \S+\] FAILED/,
    why: 'A variable that it needs is not in its environment.',
    advice: 'Set it under `environment` of {system}.',
  },
  {
    code: 'HOST_UNKNOWN',
    log: /UnknownHostException: [\w-]+(?![\w.-])|lookup [\w-]+(?: on \S+)? (?:no such host|server misbehaving)|lookup [\w-]+: no such host|getaddrinfo (?:ENOTFOUND|EAI_AGAIN) [\w-]+(?![\w.-])|could not translate host name|name or service not known|temporary failure in name resolution|bad address '[\w-]+'|could not resolve host: [\w-]+(?![\w.-])/i,
    why: 'It asks for a host that its network does not know: a service that is not part of this run, has stopped, or is in another network.',
    advice:
      'Check the name that {system} is configured with, add that service to `services` or `depends_on`, and put both into one network.',
  },
  {
    code: 'FILE_ACCESS_DENIED',
    ended: true,
    log: /\bpermission denied\b(?! \(publickey| for (?:table|schema|relation|database|function|sequence|type|view))|operation not permitted|read-only file system|\bEACCES\b|\bEROFS\b|\bnot writable\b|AccessDeniedException: \/|dub path \S+ writable\] FAILED/i,
    why: 'Its user may not read or write a file or folder that it needs.',
    advice:
      'Mount what {system} writes to as a named volume at the path that its image gives to its user, and make bind mounts readable for that user.',
  },
  {
    code: 'DEPENDENCY_REFUSED',
    ended: true,
    log: /connection refused|\bECONNREFUSED\b/i,
    why: 'It could not connect to another service: that was not there yet, or listens elsewhere.',
    advice:
      'Let {system} wait (`depends_on` with `condition: service_healthy`), and have it use the other service’s name, not `localhost`.',
  },
];

/** What the probe heard, where no log says more. */
export const answerCauses: readonly GeneralCause[] = [
  {
    code: 'ADVERTISE_HOST_UNREACHABLE',
    answer: /^(?:ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\b/,
    why: 'This job cannot reach the host name that {system} is to be known by.',
    advice:
      'Set `advertise-host` to a name that this job and its containers can resolve and reach; the default is `localhost`.',
  },
];
