import { Card, Cell, CellList, Countdown, DescriptionList, IconDevice, IconPhoto, Progress, Stack, Stat, Stats, Tag } from '../kit'
import { bytes, date, dateTime, isoDay, number, percent, scaled, time, weekday, yuan } from '../i18n/format'
import { clockOffset, duration, relative } from '../i18n/spans'
import { now } from '../store/clock'
import { sampleTime, w } from './words'

const day = 86_400_000
const opened = Date.now()

export function Facts() {
  return (
    <>
      <Card title={w('数字 Stat · Progress · Countdown', 'Stat · Progress · Countdown')}>
        <Stack>
          <Stats>
            <Stat label={w('活动场次', 'Events')} value={202} unit={w('场', '')} hint={w('14 场待审核', '14 not reviewed')} tone="info"/>
            <Stat label={w('现场咨询', 'Consultations')} value={16770} unit={w('人次', 'people')} hint={w('比去年 +8.3%', '+8.3% on last year')} tone="success"/>
            <Stat label={w('未报单位', 'Units that are late')} value={3} unit={w('个', '')} tone="error" href="#/" hint={w('查看', 'Show them')}/>
            <Stat label={w('晚会投诉', 'Complaints after the show')} value={undefined} hint={w('没有统计', 'not counted')}/>
          </Stats>
          <div class="gallery-grid">
            <Progress label={w('已报单位', 'Units handed in')} done={9} total={12}/>
            <Progress label={w('照片上传', 'Photos uploaded')} done={730} total={1000} text="73%"/>
            <p>{w('距截止 ', 'Closes in ')}<Countdown to={opened + 2 * day + 3 * 3_600_000}/></p>
            <p>{w('距截止 ', 'Closes in ')}<Countdown to={opened + 3_723_000}/></p>
            <p>{w('城关所 ', 'Chengguan: ')}<Countdown to={sampleTime}/></p>
          </div>
        </Stack>
      </Card>
      <Card title={w('资料 DescriptionList · 格式', 'DescriptionList · formats')}>
        <DescriptionList columns={3} facts={[
          { label: 'dateTime', value: dateTime(sampleTime, { exact: true }) },
          { label: 'date · weekday · time', value: `${date(sampleTime)} ${weekday(sampleTime)} ${time(sampleTime)}` },
          { label: 'isoDay', value: isoDay(sampleTime) },
          { label: 'relative', value: [9, 180, 7200, 172_800].map((s) => relative(now.value - s * 1000, now.value)).join(' · ') },
          { label: 'duration', value: duration(7_500_000) },
          { label: 'clockOffset', value: `${clockOffset(190_000)} · ${clockOffset(-45_000)} · ${clockOffset(0)}` },
          { label: 'number', value: `${number(1_234_567)} · ${number(-0.5)}` },
          { label: 'scaled', value: scaled(267, 2) },
          { label: 'yuan · percent · bytes', value: `${yuan(1_234_560)} · ${percent(0.083)} · ${bytes(3_400_000)}` },
        ]}/>
      </Card>
      <Card title={w('列表 CellList · Cell', 'CellList · Cell')} flush>
        <CellList label={w('我的手机', 'My phones')}>
          <Cell icon={IconDevice} title={w('李四的手机', "Li Si's phone")} note={w('3 分钟前同步', 'Synced 3 minutes ago')} value={<Tag tone="success">{w('正常', 'Fine')}</Tag>} href="#/"/>
          <Cell icon={IconPhoto} title={w('未上传的照片', 'Photos not uploaded')} value={number(12)} onClick={() => undefined}/>
          <Cell title={w('版本', 'Version')} value="1.0.0"/>
        </CellList>
      </Card>
    </>
  )
}
