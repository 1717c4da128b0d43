import mermaid from 'mermaid';

/** A bar as Mermaid understood it; moments in milliseconds from the start of the axis. */
export interface DrawnBar {
  readonly section: string;
  readonly words: string;
  readonly from: number;
  readonly to: number;
  readonly tag: 'crit' | 'done' | 'active' | '';
}

interface Task {
  readonly section: string;
  readonly task: string;
  readonly startTime: Date;
  readonly endTime: Date;
  readonly crit?: boolean;
  readonly done?: boolean;
  readonly active?: boolean;
}

/** What Mermaid itself makes of a Gantt chart. Throws where it finds a mistake. */
export async function drawn(chart: string): Promise<readonly DrawnBar[]> {
  // Mermaid cleans a title with what only a browser has; ours comes from nowhere else.
  const untitled = chart.replace(/^ {4}title .*\n/m, '');
  await mermaid.parse(untitled);
  const body = untitled.slice(untitled.indexOf('\ngantt\n') + 1);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(body);
  const tasks = (db as unknown as { getTasks(): readonly Task[] }).getTasks();
  const midnight = new Date(tasks[0]?.startTime ?? 0).setHours(0, 0, 0, 0);
  return tasks.map(({ section, task, startTime, endTime, crit, done, active }) => ({
    section: decoded(section),
    words: decoded(task).trimEnd(),
    from: startTime.getTime() - midnight,
    to: endTime.getTime() - midnight,
    tag: crit ? 'crit' : done ? 'done' : active ? 'active' : '',
  }));
}

/** Mermaid keeps `#code;` as `ﬂ°°code¶ß` until it has drawn. */
function decoded(text: string): string {
  return text.replace(/ﬂ°°(\d+)¶ß/g, (_, point: string) => String.fromCodePoint(Number(point)));
}
